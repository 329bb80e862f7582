import { texts } from "../../ui/i18n/index.ts";
import { office } from "./office.ts";
import { shell } from "./shell.ts";

const en: Record<string, string> = {
  "product.created": "Created a product",
  "product.changed": "Changed a product",
  "product.status_changed": "Put a product on or off sale",
  "stock.counted": "Counted stock",
  "import.applied": "Applied an import",
  "brand.created": "Created a brand",
  "brand.changed": "Changed a brand",
  "seller.created": "Created a seller",
  "seller.changed": "Changed a seller",
  "location.created": "Created a stock location",
  "prices.changed": "Changed prices",
  "sale.stopped": "Stopped a sale",
  "sale.resumed": "Resumed a sale",
  "sale.sold_in_shop": "Sold in the shop",
  "sale.listed_on_air": "Listed a piece on air",
  "drop.planned": "Planned a drop",
  "drop.removed": "Took a planned drop away",
  "drop.armed": "Armed a drop",
  "drop.fired": "Fired a drop",
  "drop.ended": "Ended a drop",
  "trivia.planned": "Planned a question",
  "trivia.removed": "Deleted a question",
  "trivia.armed": "Armed a question",
  "trivia.fired": "Asked a question",
  "trivia.ended": "Ended a question",
  "claim.set_aside": "Set a piece aside",
  "claim.extended": "Gave a claim more time",
  "claim.released": "Let a claim go",
  "buyer.nudged": "Reminded a buyer to pay",
  "buyer.unbarred": "Let a buyer claim again",
  "order.cancelled": "Cancelled an order",
  "order.price_corrected": "Put a wrong price right",
  "order.changed": "Changed an order after the sale",
  "offer.made": "Made an offer",
  "offer.changed": "Changed an offer",
  "order.refund_asked_again": "Had a refund asked for again",
  "shipping.changed": "Changed the shipping rates",
  "house.changed": "Changed the house",
  "show.rehearsed": "Began a rehearsal",
  "show.rehearsal_ended": "Ended a rehearsal",
  "show.live": "Went live",
  "show.ended": "Ended a show",
  "show.stream_key_rotated": "Made a new stream key",
  "recording.stopped": "The recording stopped",
  "recording.resumed": "The recording goes on",
  "recording.held": "Held a recording",
  "recording.released": "Let a recording go",
  "replay.edited": "Edited a replay",
  "recording.removed": "Removed an old recording",
  "message.removed": "Removed a message",
  "viewer.muted": "Muted a viewer",
  "person.invited": "Invited a person",
  "person.invitation_withdrawn": "Withdrew an invitation",
  "person.joined": "Joined the house",
  "person.roles_changed": "Changed roles",
  "token.created": "Created an API token",
  "token.revoked": "Revoked an API token",
};
const zh: typeof en = {
  "product.created": "新建商品",
  "product.changed": "修改商品",
  "product.status_changed": "变更商品上下架状态",
  "stock.counted": "盘点库存",
  "import.applied": "导入商品",
  "brand.created": "新建品牌",
  "brand.changed": "修改品牌",
  "seller.created": "新建销售方",
  "seller.changed": "修改销售方",
  "location.created": "新建库存地点",
  "prices.changed": "修改价格",
  "sale.stopped": "停售商品",
  "sale.resumed": "恢复销售",
  "sale.sold_in_shop": "店内售出",
  "sale.listed_on_air": "直播中上架商品",
  "drop.planned": "安排开抢",
  "drop.removed": "删除已安排的开抢",
  "drop.armed": "预备开抢",
  "drop.fired": "开抢",
  "drop.ended": "结束开抢",
  "trivia.planned": "安排抢答题",
  "trivia.removed": "删除抢答题",
  "trivia.armed": "预备抢答题",
  "trivia.fired": "出题",
  "trivia.ended": "结束抢答题",
  "claim.set_aside": "为买家留货",
  "claim.extended": "延长保留时间",
  "claim.released": "放回保留的商品",
  "buyer.nudged": "提醒买家付款",
  "buyer.unbarred": "恢复买家资格",
  "order.cancelled": "取消订单",
  "order.price_corrected": "更正错误价格",
  "order.changed": "售后更改订单",
  "offer.made": "新建优惠",
  "offer.changed": "修改优惠",
  "order.refund_asked_again": "重新申请退款",
  "shipping.changed": "修改运费",
  "house.changed": "修改店铺设置",
  "show.rehearsed": "开始彩排",
  "show.rehearsal_ended": "结束彩排",
  "show.live": "开播",
  "show.ended": "结束直播",
  "show.stream_key_rotated": "更换推流密钥",
  "recording.stopped": "录制已停止",
  "recording.resumed": "录制已恢复",
  "recording.held": "保留录像",
  "recording.released": "取消保留录像",
  "replay.edited": "编辑回放",
  "recording.removed": "移除过期录像",
  "message.removed": "移除消息",
  "viewer.muted": "禁言观众",
  "person.invited": "邀请成员",
  "person.invitation_withdrawn": "撤回邀请",
  "person.joined": "加入店铺",
  "person.roles_changed": "修改角色",
  "token.created": "创建 API 令牌",
  "token.revoked": "撤销 API 令牌",
};

const deeds = texts({ en, zh });
/** What somebody did, by the trail's permanent word for it; a word that is not known here stands as it is. */
export const deed = (act: string): string => deeds()[act] ?? act.replaceAll("_", " ").replaceAll(".", ": ");

const correctedEn: Record<string, string> = { honoured: "Price honoured", refunded: "Difference refunded", cancelled: "Cancelled" };
const correctedZh: Record<string, string> = { honoured: "按原价履行", refunded: "退还差价", cancelled: "已取消" };
const corrected = texts({ en: correctedEn, zh: correctedZh });

/** Permanent words that an act's detail is made of, in the reader's language. */
const known = (act: string): Record<string, string> => {
  if (act.startsWith("person.")) return shell().roles;
  if (act.startsWith("product.")) return office().statuses;
  if (act === "order.cancelled") return office().cancelReasons;
  if (act === "order.price_corrected") return corrected();
  return {};
};

/** What the trail keeps beside an act; numbers, sums and names stand as they are. */
export const deedDetail = (act: string, detail: string): string =>
  detail
    .split(", ")
    .map((word) => known(act)[word] ?? word)
    .join(", ");
