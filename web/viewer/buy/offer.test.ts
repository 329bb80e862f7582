import { expect, it } from "vitest";
import type { Axis, Variant } from "../../client/shapes.ts";
import { chosen, firstChoice, freeOf, leftOf, openChoice, priceOf, reachable } from "./offer.ts";

const text = (one: string) => ({ text: one, lang: "en" });
const axis = (name: string, ...values: string[]): Axis => ({
  name: text(name),
  values: values.map((id) => ({ id, label: text(id) })),
});
const variant = (id: string, values: string[], more: Partial<Variant> = {}): Variant => ({
  id,
  sku: id,
  values,
  price: { amount_minor: 1000, currency: "EUR" },
  was: null,
  free: "in",
  low_count: null,
  ...more,
});
const variants = [
  variant("rs", ["red", "s"]),
  variant("rm", ["red", "m"], { free: "out" }),
  variant("ss", ["sand", "s"], { free: "low", low_count: 2, price: { amount_minor: 1200, currency: "EUR" } }),
];

it("a sole variant is chosen already, and so is an axis of one value", () => {
  expect(firstChoice([axis("size", "s")], [variant("x", ["s"])])).toEqual(["s"]);
  expect(firstChoice([axis("colour", "red"), axis("size", "s", "m")], variants)).toEqual(["red", null]);
  expect(chosen([variant("x", [])], [])?.id).toBe("x");
});

it("a full choice names its variant, half of one names none", () => {
  expect([chosen(variants, ["sand", "s"])?.id, chosen(variants, ["sand", null])?.id]).toEqual(["ss", undefined]);
});

it("what is chosen next is the first axis without a choice", () => {
  const axes = [axis("colour", "red"), axis("size", "s", "m")];
  expect([openChoice(axes, ["red", null]), openChoice(axes, ["red", "s"])]).toEqual([axes[1]!.name.text, ""]);
});

it("a value is reachable while something free has it beside the rest of the choice", () => {
  const size = (choice: (string | null)[], value: string) => reachable(variants, choice, 1, value);
  expect([size(["red", null], "m"), size(["red", null], "s"), size([null, null], "m")]).toEqual([false, true, false]);
});

it("a card says the best stock, the lowest price, and how many only when all are counted", () => {
  expect([freeOf(variants), leftOf(variants), leftOf([variants[2]!]), freeOf([variants[1]!])]).toEqual(["in", null, 2, "out"]);
  expect(priceOf(variants)).toEqual({ price: { amount_minor: 1000, currency: "EUR" }, was: null, more: true });
  expect(priceOf([variant("n", [], { price: null })])).toBe(null);
});
