import { texts } from "../../ui/i18n/index.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const t = texts({ en, zh });

/** A category's name; one that the dictionary does not know is shown as the shop wrote it. */
export function categoryName(category: string): string {
  return t().categories[category.toLowerCase()] ?? category;
}
