import { expect, test } from "vitest";
import { sumRows } from "./give-back.ts";

const usd = (amount_minor: number) => ({ amount_minor, currency: "USD" });
const words = { tax: "Tax", sending: "Sending", less: "Wear", before: "Before" };

test("a refund is explained by what is in it, and adds up", () => {
  const check = (sum: Parameters<typeof sumRows>[0], expected: [string, number][]) => {
    const rows = sumRows(sum, (line, quantity) => `${quantity} × ${line}`, words);
    expect(rows.map((row) => [row.label, row.money.amount_minor])).toEqual(expected);
    expect(rows.reduce((all, row) => all + row.money.amount_minor, 0)).toBe(sum.total.amount_minor);
  };
  const row = { line_id: "belt", quantity: 2, goods: usd(9_000), tax: usd(0) };
  check({ rows: [row], sending: usd(0), less: usd(0), before: usd(0), total: usd(9_000) }, [["2 × belt", 9_000]]);
  const taxed = { ...row, tax: usd(900) };
  check({ rows: [taxed, { ...taxed, line_id: "bag" }], sending: usd(500), less: usd(100), before: usd(200), total: usd(20_000) }, [
    ["2 × belt", 9_000],
    ["2 × bag", 9_000],
    ["Tax", 1_800],
    ["Sending", 500],
    ["Wear", -100],
    ["Before", -200],
  ]);
});
