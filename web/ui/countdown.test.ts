import { expect, it } from "vitest";
import { markPassed, nextTurn, secondsLeft } from "./countdown.ts";

it("seconds are rounded up, so that nought means over", () => {
  expect([2_001, 4_000, 4_999, 5_000, 9_000].map((now) => secondsLeft(5_000, now))).toEqual([3, 1, 1, 0, 0]);
});

it("the figure turns at the target's own seconds, wherever the page was opened", () => {
  for (const now of [0, 137, 999, 2_500, 4_996]) {
    const wait = nextTurn(5_000, now)!;
    const turned = secondsLeft(5_000, now + wait);
    expect(turned, `opened at ${now}`).toBe(secondsLeft(5_000, now) - 1);
    expect(wait).toBeLessThanOrEqual(1_004);
  }
  expect(nextTurn(5_000, 5_000)).toBe(null);
});

it("60, 30 and 10 seconds are said once each, also by a page that slept through one", () => {
  const said = (looks: number[]) =>
    looks.flatMap((left, at) => (at === 0 ? null : markPassed(looks[at - 1]!, left)) ?? []);
  expect(said([62, 61, 60, 59, 58])).toEqual([60]);
  expect(said([61, 45, 12, 9, 8, 0])).toEqual([60, 30, 10]);
  expect(said([61, 8])).toEqual([10]);
  expect(said([20, 19, 0])).toEqual([]);
});
