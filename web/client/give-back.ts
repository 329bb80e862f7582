/** What goes back for pieces, as rows to show: the same on the buyer's page and in the office. */
import type { Money, Sum } from "./shapes.ts";

export interface SumWords {
  tax: string;
  sending: string;
  less: string;
  before: string;
}

/** Each piece's row by its line's label, then what is added and taken off; nothing that is nothing. */
export function sumRows(
  sum: Sum,
  label: (line: string, quantity: number) => string,
  words: SumWords,
): { label: string; money: Money }[] {
  const tax = { ...sum.total, amount_minor: sum.rows.reduce((all, row) => all + row.tax.amount_minor, 0) };
  const off = (money: Money): Money => ({ ...money, amount_minor: -money.amount_minor });
  const further = [
    { label: words.tax, money: tax },
    { label: words.sending, money: sum.sending },
    { label: words.less, money: off(sum.less) },
    { label: words.before, money: off(sum.before) },
  ];
  return [
    ...sum.rows.map((row) => ({ label: label(row.line_id, row.quantity), money: row.goods })),
    ...further.filter((row) => row.money.amount_minor !== 0),
  ];
}
