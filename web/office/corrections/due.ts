import type { Mispriced, Money } from "../../staff/shapes.ts";

/** What is still to be returned of an order's difference, in minor units; 0 where too little was paid. */
export const due = (one: Mispriced): number => Math.max(0, one.over.amount_minor - one.refunded.amount_minor);

/** What is due together, a currency each. */
export function sums(list: readonly Mispriced[]): Money[] {
  const found = new Map<string, number>();
  for (const one of list) found.set(one.over.currency, (found.get(one.over.currency) ?? 0) + due(one));
  return [...found].filter(([, minor]) => minor > 0).map(([currency, amount_minor]) => ({ currency, amount_minor }));
}
