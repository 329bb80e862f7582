import { language } from "../ui/i18n/index.ts";
import type { Money, Texts } from "./shapes.ts";
import { session } from "./session.svelte.ts";

/** A stored text in the reader's language, else in the house's first that has it. */
export function said(texts: Texts | null | undefined): string {
  if (!texts) return "";
  const order = [language.now, ...session.languages];
  return order.map((one) => texts[one]).find((text) => text) ?? Object.values(texts).find((text) => text) ?? "";
}

/** The price to show first: in the house's first currency where the product is sold in it. */
export function mainPrice(prices: Money[]): Money | null {
  const first = session.currencies[0];
  return prices.find((price) => price.currency === first) ?? prices[0] ?? null;
}
