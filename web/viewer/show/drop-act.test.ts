import { describe, expect, it } from "vitest";
import type { Standing } from "../../client/room/drop.ts";
import type { Variant } from "../../client/shapes.ts";
import type { Drop } from "../../client/room/wire.ts";
import { actOf, type DropAct, type Mine, priceIn } from "./drop-act.ts";

const drop = (more: Partial<Drop> = {}): Drop => ({
  id: "d",
  number: 4,
  variant_id: "v",
  phase: "open",
  quantity: 50,
  left: 20,
  waiting: 0,
  limit: 2,
  ...more,
});
const nothing: Mine = { taken: 0, until: null, place: null };
const until = "2026-11-22T20:00:00Z";

describe("a drop's button", () => {
  it.each<[string, Standing, Partial<Mine>, DropAct]>([
    ["before it is fired", "armed", {}, null],
    ["while it counts down", "counting", {}, null],
    ["open", "open", {}, { does: "claim", more: false }],
    ["open, one of two taken", "open", { taken: 1, until }, { does: "claim", more: true }],
    ["open, all that one may have", "open", { taken: 2, until }, { does: "pay", until }],
    ["open, all paid", "open", { taken: 2 }, { does: "nothing", why: "limit" }],
    ["gone", "gone", {}, { does: "wait" }],
    ["gone, in line", "gone", { place: 4 }, { does: "place", place: 4 }],
    ["gone, one held and not paid", "gone", { taken: 1, until }, { does: "pay", until }],
    ["closed", "closed", {}, { does: "nothing", why: "closed" }],
    ["closed, in line still", "closed", { place: 1 }, { does: "place", place: 1 }],
    ["closed, one held", "closed", { taken: 1, until }, { does: "pay", until }],
  ])("%s", (_, standing, mine, act) => {
    expect(actOf({ drop: drop(), standing }, { ...nothing, ...mine }, "FR")).toEqual(act);
  });

  it("is for its countries alone, but not against who holds a piece", () => {
    const here = { drop: drop({ countries: ["US", "CA"] }), standing: "open" as const };
    expect(actOf(here, nothing, "FR")).toEqual({ does: "nothing", why: "elsewhere" });
    expect(actOf(here, nothing, "CA")).toEqual({ does: "claim", more: false });
    expect(actOf(here, { ...nothing, taken: 2, until }, "FR")).toEqual({ does: "pay", until });
  });
});

describe("a drop's price", () => {
  const variant = (amount_minor: number | null): Variant =>
    ({ price: amount_minor === null ? null : { amount_minor, currency: "GBP" }, was: null }) as Variant;
  const gbp = (amount_minor: number) => ({ amount_minor, currency: "GBP" });

  it("is the lower of its own and the list's, in the buyer's currency", () => {
    const unit = [{ amount_minor: 100, currency: "EUR" }, gbp(8_000)];
    expect(priceIn(drop({ unit }), variant(12_000))).toEqual({ price: gbp(8_000), was: gbp(12_000) });
    expect(priceIn(drop({ unit }), variant(7_000))).toEqual({ price: gbp(7_000), was: null });
    expect(priceIn(drop(), variant(7_000))).toEqual({ price: gbp(7_000), was: null });
    expect(priceIn(drop({ unit }), variant(null)), "not sold in this currency").toBe(null);
  });
});
