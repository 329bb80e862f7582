import { expect, test } from "vitest";
import type { Offer } from "../../staff/shapes.ts";
import { emptyForm, formOf, readForm, standing } from "./draft.ts";

const NOW = "2026-11-22T18:00:00.000Z";

test("a form is read as it is typed", () => {
  const minimum = { USD: "150", JPY: "" };
  const form = { ...emptyForm(NOW), name: { en: "Silk week" }, code: " silk-10 ", percent: "12.5", uses: "100", minimum };
  const { draft, wrong } = readForm(form);
  expect(wrong).toEqual({});
  expect(draft).toMatchObject({ code: "silk-10", uses: 100, per_buyer: null, until: null, from: NOW });
  expect(draft.gives).toMatchObject({ kind: "percent", basis_points: 1_250, amounts: [] });
  expect(draft.minimum).toEqual([{ amount_minor: 15_000, currency: "USD" }]);
});

test("what is no number or time is named", () => {
  const amounts = { USD: "ten", JPY: "1.5" };
  const form = { ...emptyForm(NOW), kind: "amount" as const, amounts, uses: "many", until: "tomorrow" };
  expect(Object.keys(readForm(form).wrong).sort()).toEqual(["amount.JPY", "amount.USD", "until", "uses"]);
  expect(readForm({ ...emptyForm(NOW), percent: "a lot" }).wrong).toEqual({ percent: true });
});

test("an offer goes through its form unchanged", () => {
  const price = [{ amount_minor: 20_000, currency: "USD" }];
  const none = { basis_points: null, variant_id: null, quantity: null };
  const offer = {
    id: "1", version: 3, name: { en: "Pair" }, code: null, stopped: false, used: 0,
    gives: { ...none, kind: "bundle", amounts: price, products: ["a", "a"] },
    categories: ["fashion"], products: [], show_id: null, minimum: [], from: NOW, until: null, uses: null, per_buyer: 1, combinable: false,
  } satisfies Offer;
  const { draft } = readForm(formOf(offer));
  const { id: _, stopped: __, used: ___, ...kept } = offer;
  expect(draft).toEqual(kept);
});

test("an offer stands by its times", () => {
  const check = (from: string, until: string | null, stopped: boolean) =>
    standing({ from, until, stopped }, Date.parse(NOW));
  expect(check("2026-11-23T00:00:00Z", null, false)).toBe("waits");
  expect(check("2026-11-22T00:00:00Z", null, false)).toBe("counts");
  expect(check("2026-11-22T00:00:00Z", NOW, false)).toBe("over");
  expect(check("2026-11-22T00:00:00Z", null, true)).toBe("stopped");
});
