import { describe, expect, it } from "vitest";
import { leading, nextTurnOf, type Standing, standingAt } from "./drop.ts";
import type { Drop } from "./wire.ts";

const drop = (more: Partial<Drop> = {}): Drop => ({
  id: "d",
  number: 4,
  variant_id: "v",
  phase: "armed",
  quantity: 50,
  left: 50,
  waiting: 0,
  limit: 1,
  ...more,
});

describe("a drop stands by the server's clock", () => {
  it.each<[string, Partial<Drop>, number, Standing]>([
    ["armed, not fired", {}, 9e9, "armed"],
    ["fired, a moment before", { opens_at_ms: 5_000 }, 4_999, "counting"],
    ["fired, on the moment", { opens_at_ms: 5_000 }, 5_000, "open"],
    ["told open", { phase: "open", opens_at_ms: 5_000 }, 5_100, "open"],
    ["its window runs", { phase: "open", closes_at_ms: 9_000 }, 8_999, "open"],
    ["its window is over, before the server's word", { phase: "open", closes_at_ms: 9_000 }, 9_000, "closed"],
    ["armed with a window that went by", { opens_at_ms: 5_000, closes_at_ms: 9_000 }, 9_500, "closed"],
    ["told gone", { phase: "gone", left: 0 }, 0, "gone"],
    ["nothing left, before it is told gone", { phase: "open", left: 0 }, 0, "gone"],
    ["gone, and its window is over", { phase: "gone", left: 0, closes_at_ms: 9_000 }, 9_000, "closed"],
    ["told closed", { phase: "closed" }, 0, "closed"],
  ])("%s", (_, more, now_ms, standing) => {
    expect(standingAt(drop(more), now_ms)).toBe(standing);
  });

  it("a page wakes for the next opening or closing, and for none that went by", () => {
    const drops = [drop({ opens_at_ms: 4_000, closes_at_ms: 9_000 }), drop({ opens_at_ms: 6_000 }), drop()];
    expect([0, 4_000, 6_000, 9_000].map((now) => nextTurnOf(drops, now))).toEqual([4_000, 6_000, 9_000, null]);
  });

  it("what can be claimed leads, then what opens soonest, then what can be waited for", () => {
    const live = (id: string, standing: Standing, opens_at_ms?: number) =>
      ({ drop: drop({ id, opens_at_ms }), standing });
    const counting = [live("later", "counting", 9), live("soon", "counting", 5)];
    const all = [live("armed", "armed"), live("gone", "gone"), ...counting, live("open", "open"), live("over", "closed")];
    const order: (string | undefined)[] = [];
    for (let rest = all; order.length < all.length; ) {
      const first = leading(rest)?.drop.id;
      order.push(first);
      rest = rest.filter((one) => one.drop.id !== first);
    }
    expect(order).toEqual(["open", "soon", "later", "gone", "armed", undefined]);
  });
});
