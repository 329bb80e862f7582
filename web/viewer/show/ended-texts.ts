import { texts } from "../../ui/i18n/index.ts";

const en = {
  ended: "Thank you for watching",
  endedMore: "The show has ended. What was shown can still be bought.",
  endedTab: (n: number) => (n === 1 ? "1 piece is waiting in your basket" : `${n} pieces are waiting in your basket`),
  endedHeld: (n: number) => (n === 1 ? "1 piece is held for you until its time is over" : `${n} pieces are held for you until their time is over`),
  pay: "Pay now",
  stillOnSale: "Still on sale",
  watchReplay: "Watch the replay",
  allShows: "All shows",
};
const zh: typeof en = {
  ended: "感谢观看",
  endedMore: "直播已结束，展示过的商品仍可购买。",
  endedTab: (n) => `购物袋里还有 ${n} 件商品待付款`,
  endedHeld: (n) => `已为您保留 ${n} 件商品，请在到期前付款`,
  pay: "立即付款",
  stillOnSale: "仍在出售",
  watchReplay: "观看回放",
  allShows: "全部直播",
};
/** What the end says: loaded with it. */
export const t = texts({ en, zh });
