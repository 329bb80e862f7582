import { texts } from "../../ui/i18n/index.ts";

const en = {
  drop: "Drop",
  banner: (n: number, title: string) => `Drop: no. ${n}, ${title}`,
  pieces: (n: number, said: string) => (n === 1 ? "1 piece" : `${said} pieces`),
  left: (left: string, of: string) => `${left} of ${of} left`,
  leftShort: (n: string) => `${n} left`,
  opensSoon: "Opens soon",
  opensIn: (left: string) => `The drop opens in ${left}`,
  closesIn: (left: string) => `The drop closes in ${left}`,
  isOpen: (n: number) => `The drop of no. ${n} is open.`,
  isGone: (n: number) => `Every piece of no. ${n} is claimed. You can join the waitlist.`,
  held: "Held for you",
  gone: "All claimed",
  waiting: (n: number) => (n === 1 ? "1 waiting" : `${n} waiting`),
  inLine: (n: number) => `You are number ${n} in line. What others let go is offered in order.`,
  why: { elsewhere: "Not for your country", limit: "That is all for one buyer", closed: "Closed" },
};
const zh: typeof en = {
  drop: "限量开抢",
  banner: (n, title) => `限量开抢：${n} 号，${title}`,
  pieces: (_, said) => `共 ${said} 件`,
  left: (left, of) => `剩 ${left} / ${of} 件`,
  leftShort: (n) => `剩 ${n} 件`,
  opensSoon: "即将开抢",
  opensIn: (left) => `距开抢 ${left}`,
  closesIn: (left) => `距结束 ${left}`,
  isOpen: (n) => `${n} 号已开抢。`,
  isGone: (n) => `${n} 号已全部被抢，可以排队候补。`,
  held: "为您保留",
  gone: "已抢光",
  waiting: (n) => `${n} 人候补`,
  inLine: (n) => `您是候补第 ${n} 位。有人放弃时将按顺序轮到您。`,
  why: { elsewhere: "不配送至您的地区", limit: "已达每人限购数量", closed: "已结束" },
};
/** What the banner says: loaded with it. */
export const t = texts({ en, zh });
