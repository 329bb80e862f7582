import type { Axis, Free, Money, ProductCard, Variant } from "../../client/shapes.ts";

/** What can be bought: a product with its variants, and its number where it comes from a show. */
export interface Offer {
  product: ProductCard;
  axes: Axis[];
  variants: Variant[];
  /** Only from a show. */
  show?: { id: string; number: number };
  /** The shop has stopped this sale. */
  stopped: boolean;
}

/** The choice that a buyer starts from: everything chosen where there is one way only, else nothing. */
export function firstChoice(axes: readonly Axis[], variants: readonly Variant[]): (string | null)[] {
  const sole = variants.length === 1 ? variants[0] : null;
  return axes.map((axis, place) => sole?.values[place] ?? (axis.values.length === 1 ? axis.values[0]!.id : null));
}

/** What is still to be chosen first, in the shop's word for it; empty once all is. */
export function openChoice(axes: readonly Axis[], choice: readonly (string | null)[]): string {
  return axes.find((_, place) => choice[place] === null)?.name.text ?? "";
}

/** The variant that a full choice names. */
export function chosen(variants: readonly Variant[], choice: readonly (string | null)[]): Variant | null {
  return variants.find((variant) => choice.every((value, place) => variant.values[place] === value)) ?? null;
}

/** Whether a value leads to something that is free, with the other choices as they are. */
export function reachable(
  variants: readonly Variant[],
  choice: readonly (string | null)[],
  place: number,
  value: string,
): boolean {
  return variants.some(
    (variant) =>
      variant.free !== "out" &&
      variant.values[place] === value &&
      choice.every((other, at) => at === place || other === null || variant.values[at] === other),
  );
}

/** The best there is over all variants. */
export function freeOf(variants: readonly Variant[]): Free {
  if (variants.some((variant) => variant.free === "in")) return "in";
  return variants.some((variant) => variant.free === "low") ? "low" : "out";
}

/** How many are left in all, where every free variant says so. */
export function leftOf(variants: readonly Variant[]): number | null {
  const free = variants.filter((variant) => variant.free !== "out");
  if (free.length === 0 || free.some((variant) => variant.low_count == null)) return null;
  return free.reduce((sum, variant) => sum + (variant.low_count ?? 0), 0);
}

/** The lowest price, its struck-out one, and whether others cost more. */
export function priceOf(variants: readonly Variant[]): { price: Money; was: Money | null; more: boolean } | null {
  const priced = variants.filter((variant) => variant.price != null);
  if (priced.length === 0) return null;
  const least = priced.reduce((a, b) => (b.price!.amount_minor < a.price!.amount_minor ? b : a));
  const more = priced.some((variant) => variant.price!.amount_minor > least.price!.amount_minor);
  return { price: least.price!, was: least.was ?? null, more };
}
