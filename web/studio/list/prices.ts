import type { Money } from "../../staff/shapes.ts";
import { parseMoney } from "../../ui/format.ts";

const KEY = "ts_list_prices_open";

/** The prices that were written, the main currency's first, and the currencies whose price cannot be taken as it is. */
export function pricesOf(
  written: Record<string, string>,
  main: string,
  others: string[],
): { prices: Money[]; wrong: string[] } {
  const prices: Money[] = [];
  const wrong: string[] = [];
  for (const code of [main, ...others]) {
    const text = written[code]?.trim() ?? "";
    if (!text && code !== main) continue;
    const price = parseMoney(text, code);
    if (price && price.amount_minor > 0) prices.push(price);
    else wrong.push(code);
  }
  return { prices, wrong };
}

/** Whether the other currencies were unfolded for the last piece on this phone. */
export function wasOpen(): boolean {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false;
  }
}

export function keepOpen(open: boolean): void {
  try {
    localStorage.setItem(KEY, open ? "yes" : "no");
  } catch {
    // A phone that keeps nothing folds them again.
  }
}
