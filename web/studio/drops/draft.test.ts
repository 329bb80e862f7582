import { expect, test } from "vitest";
import type { DropRow } from "../../staff/drops.ts";
import { Draft } from "./draft.svelte.ts";

const row: DropRow = {
  id: "d",
  number: 4,
  product_id: "p",
  variant_id: "v",
  unit: [{ amount_minor: 8_800, currency: "GBP" }],
  quantity: 50,
  limit: 2,
  hold: { after_show_hours: 24 },
  countries: ["US", "CA"],
  window_s: 300,
  left: 50,
  waiting: 0,
  rehearsal: false,
  server_now: "",
  phase: "planned",
};

test("a drop comes back from its form as it went in", () => {
  const { number, variant_id, unit, quantity, limit, hold, countries, window_s } = row;
  expect(new Draft(row).check(["GBP", "JPY"])).toEqual({ number, variant_id, unit, quantity, limit, hold, countries, window_s });
});

test("a new drop is at the list price, everywhere, until it is gone", () => {
  const draft = new Draft(undefined, 7);
  draft.variant_id = "v";
  expect(draft.check(["GBP"])).toMatchObject({ number: 7, unit: [], countries: null, window_s: null, hold: { minutes: 10 } });
});

test.each<[string, (draft: Draft) => void, string[]]>([
  ["no quantity", (draft) => (draft.quantity = "many"), ["quantity"]],
  ["none at all", (draft) => (draft.quantity = "0"), ["quantity"]],
  ["half a yen", (draft) => (draft.price["JPY"] = "88.50"), ["JPY"]],
  ["for nothing", (draft) => (draft.price["GBP"] = "0"), ["GBP"]],
  ["for nobody", (draft) => ((draft.everywhere = false), (draft.countries = [])), ["countries"]],
])("%s is said beside its field", (_, change, fields) => {
  const draft = new Draft(row);
  change(draft);
  expect(draft.check(["GBP", "JPY"])).toBe(null);
  expect(Object.keys(draft.errors)).toEqual(fields);
});
