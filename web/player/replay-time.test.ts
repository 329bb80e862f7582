import { expect, test } from "vitest";
import { chapterAt, positionAt, programmeAt } from "./replay-time.ts";

const replay = {
  stretches: [
    { at_ms: 10_000, position_ms: 0, duration_ms: 4_000 },
    { at_ms: 20_000, position_ms: 4_000, duration_ms: 4_000 },
  ],
};

test("both clocks are one", () => {
  for (const [position_ms, at_ms] of [[0, 10_000], [3_999, 13_999], [4_000, 20_000], [7_000, 23_000]] as const) {
    expect(programmeAt(replay, position_ms)).toBe(at_ms);
    expect(positionAt(replay, at_ms)).toBe(position_ms);
  }
  expect(positionAt(replay, 15_000)).toBe(4_000);
  expect(positionAt(replay, 0)).toBe(0);
  expect(positionAt(replay, 24_000)).toBeNull();
  expect(programmeAt(replay, 1_000.4)).toBe(11_000);
  expect(programmeAt({ stretches: [] }, 0)).toBeNull();
});

test("a chapter ends where the next begins", () => {
  const chapters = [
    { number: 4, position_ms: 1_000, duration_ms: 2_000 },
    { number: 2, position_ms: 3_000, duration_ms: 5_000 },
  ];
  const at = (position_ms: number) => chapterAt(chapters, position_ms)?.number ?? null;
  expect([0, 1_000, 2_999, 3_000, 8_000].map(at)).toEqual([null, 4, 4, 2, null]);
});
