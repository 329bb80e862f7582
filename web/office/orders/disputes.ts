/** Disputes, in words. */
import { texts } from "../../ui/i18n/index.ts";

const en = {
  title: "Disputes",
  lead: "A buyer's bank takes money back, or asks about it.",
  states: {
    needs_answer: "Needs an answer",
    under_review: "With the bank",
    won: "Won",
    lost: "Lost",
    closed: "Closed",
  },
  by: (when: string) => `Answer by ${when}`,
  answer: "Answer",
};

const zh: typeof en = {
  title: "支付争议",
  lead: "买家的银行要求退回款项，或就款项提出询问。",
  states: { needs_answer: "待回复", under_review: "银行审核中", won: "已胜诉", lost: "已败诉", closed: "已关闭" },
  by: (when: string) => `请在 ${when} 前回复`,
  answer: "去回复",
};

export const d = texts({ en, zh });
