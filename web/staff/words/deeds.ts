import { texts } from "../../ui/i18n/index.ts";

const en: Record<string, string> = {
  "prices.changed": "Changed prices",
  "sale.stopped": "Stopped a sale",
  "sale.resumed": "Resumed a sale",
  "sale.sold_in_shop": "Sold in the shop",
  "sale.listed_on_air": "Listed a piece on air",
  "order.cancelled": "Cancelled an order",
  "shipping.changed": "Changed the shipping rates",
  "house.changed": "Changed the house",
  "show.rehearsed": "Began a rehearsal",
  "show.rehearsal_ended": "Ended a rehearsal",
  "show.live": "Went live",
  "show.ended": "Ended a show",
  "show.stream_key_rotated": "Made a new stream key",
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
  "prices.changed": "修改价格",
  "sale.stopped": "停售商品",
  "sale.resumed": "恢复销售",
  "sale.sold_in_shop": "店内售出",
  "sale.listed_on_air": "直播中上架商品",
  "order.cancelled": "取消订单",
  "shipping.changed": "修改运费",
  "house.changed": "修改店铺设置",
  "show.rehearsed": "开始彩排",
  "show.rehearsal_ended": "结束彩排",
  "show.live": "开播",
  "show.ended": "结束直播",
  "show.stream_key_rotated": "更换推流密钥",
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
