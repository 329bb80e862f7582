import { expect, test } from "vitest";
import { emptyRow, ProductDraft } from "./draft.svelte.ts";

test("what is typed becomes minor units and counts, or is named by its field", () => {
  const draft = new ProductDraft();
  draft.variants = [
    { ...emptyRow([]), sku: " A-1 ", prices: { USD: "420.5", JPY: "58,000", EUR: "" }, stock: { l1: { on_hand: "12", buffer: "" } } },
    { ...emptyRow([]), prices: { USD: "0.005" }, stock: { l1: { on_hand: "-3", buffer: "1" } }, weight: "heavy" },
  ];
  const { product, wrong } = draft.read();
  expect(product.variants?.[0]).toEqual({
    sku: "A-1",
    values: [],
    prices: [
      { amount_minor: 42_050, currency: "USD" },
      { amount_minor: 58_000, currency: "JPY" },
    ],
    stock: [{ location_id: "l1", on_hand: 12, buffer: 0 }],
    weight_g: null,
  });
  expect(wrong).toEqual({
    "variants.1.prices.USD": "amount",
    "variants.1.stock.l1": "count",
    "variants.1.weight_g": "count",
  });
});

test("new combinations keep the rows that are there", () => {
  const draft = new ProductDraft();
  draft.options = [{ name: { en: "Size" }, values: [{ id: "v1", label: { en: "S" } }] }];
  draft.variants = [{ ...emptyRow(["v1"]), id: "kept", sku: "S-1" }];
  draft.addValue(draft.options[0]!);
  draft.spread();
  expect(draft.variants.map((row) => [row.values.join(), row.sku])).toEqual([
    ["v1", "S-1"],
    ["v2", ""],
  ]);
});
