/** Refunds that do not work, in words. */
import { texts } from "../../ui/i18n/index.ts";

const en = {
  title: "Refunds that do not work",
  lead: "The payment service did not give this money back. Look there why, or return it by other means.",
  tried: (tries: number, since: string) => `asked ${tries} times since ${since}`,
  again: "Ask again",
  done: "The money is on its way.",
};

const zh: typeof en = {
  title: "未成功的退款",
  lead: "支付服务未能退回以下款项。请在其后台查看原因，或以其他方式退款。",
  tried: (tries, since) => `自 ${since} 起已尝试 ${tries} 次`,
  again: "重新申请",
  done: "款项已在退回途中。",
};

export const r = texts({ en, zh });
