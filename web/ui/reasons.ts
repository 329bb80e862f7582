import { texts } from "./i18n/index.ts";

/** Why something is reported, removed or refused: permanent words, as the API has them. */
export const REASONS = ["spam", "insult", "hate", "sexual", "fraud", "counterfeit", "private_data", "other"] as const;
export type Reason = (typeof REASONS)[number];

const en: Record<Reason, string> = {
  spam: "Advertising or spam",
  insult: "Insult or harassment",
  hate: "Hate",
  sexual: "Sexual content",
  fraud: "Fraud",
  counterfeit: "Counterfeit",
  private_data: "Private data",
  other: "Something else",
};
const zh: Record<Reason, string> = {
  spam: "广告或刷屏",
  insult: "辱骂或骚扰",
  hate: "仇恨言论",
  sexual: "色情内容",
  fraud: "欺诈",
  counterfeit: "假冒商品",
  private_data: "泄露隐私",
  other: "其他",
};
const words = texts({ en, zh });

/** In the reader's language; what somebody wrote freely stands as it is. */
export const reasonWords = (reason: string): string => (words() as Record<string, string>)[reason] ?? reason;
