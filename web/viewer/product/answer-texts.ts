import { texts } from "../../ui/i18n/index.ts";

const en = {
  title: "Asked and answered",
  none: "Nobody has asked about it in a show yet.",
  onAir: "Answered on camera",
  watch: (question: string) => `Watch the answer to: ${question}`,
};
const zh: typeof en = {
  title: "问与答",
  none: "直播中还没有人问到这件商品。",
  onAir: "直播中已回答",
  watch: (question) => `观看回答：${question}`,
};
/** What answers about a product say. */
export const t = texts({ en, zh });
