import { expect, test } from "vitest";
import { emptyRate, readRates } from "./rates.ts";

test("rates are read into minor units; what is no amount or no count is named", () => {
  const { rates, wrong } = readRates([
    { ...emptyRate(), country: "FR", prices: { EUR: "9", JPY: "1500", USD: "" } },
    { ...emptyRate(), prices: { EUR: "nine" }, from: "soon" },
  ]);
  expect(rates[0]?.price).toEqual([
    { amount_minor: 900, currency: "EUR" },
    { amount_minor: 1500, currency: "JPY" },
  ]);
  expect(wrong).toEqual({ "1.EUR": true, "1.days": true });
});
