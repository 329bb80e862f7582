import { texts } from "../../ui/i18n/index.ts";

const en = {
  stopped: "Sale paused",
  soldOut: "Sold out",
  low: (n: number) => (n === 1 ? "Last one" : `Only ${n} left`),
  fewLeft: "Few left",
};
const zh: typeof en = {
  stopped: "暂停销售",
  soldOut: "已售罄",
  low: (n) => (n === 1 ? "最后一件" : `仅剩 ${n} 件`),
  fewLeft: "库存不多",
};
/** On their own, so that the room needs no other word of buying before a sheet opens. */
export const t = texts({ en, zh });
