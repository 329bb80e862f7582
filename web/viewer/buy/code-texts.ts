import { money } from "../../ui/format.ts";
import { texts } from "../../ui/i18n/index.ts";
import type { RefusedCode } from "../../client/shapes.ts";

const en = {
  have: "Have a code?",
  code: "Code",
  apply: "Apply",
  remove: (code: string) => `Remove ${code}`,
  saves: (sum: string) => `saves ${sum}`,
  gift: "Gift",
  why: {
    unknown: "There is no such code. Check how it is written.",
    not_yet: "It does not count yet.",
    over: "It is over.",
    used_up: "It is used up.",
    your_limit: "You have used it as often as one may.",
    nothing_fits: "Nothing here is what it is for.",
    minimum: "The goods that it is for come to too little.",
    not_in_currency: "It does not count in this currency.",
    other_is_better: "Another offer saves you more, and they do not go together.",
  } as Record<string, string>,
  missing: (sum: string) => `${sum} are missing for it.`,
};

const zh: typeof en = {
  have: "有优惠码？",
  code: "优惠码",
  apply: "使用",
  remove: (code) => `移除 ${code}`,
  saves: (sum) => `优惠 ${sum}`,
  gift: "赠品",
  why: {
    unknown: "没有这个优惠码，请检查拼写。",
    not_yet: "该优惠尚未开始。",
    over: "该优惠已结束。",
    used_up: "该优惠已用完。",
    your_limit: "您已达到该优惠的使用次数。",
    nothing_fits: "没有适用该优惠的商品。",
    minimum: "适用商品的金额未达到要求。",
    not_in_currency: "该优惠不适用于此货币。",
    other_is_better: "另一项优惠更划算，两者不可同享。",
  },
  missing: (sum) => `还差 ${sum} 即可使用。`,
};

export const codeWords = texts({ en, zh });

/** Why a code takes nothing off, for a person. */
export const whyNot = (refused: RefusedCode): string =>
  refused.missing ? codeWords().missing(money(refused.missing)) : (codeWords().why[refused.why] ?? refused.why);
