import { expect, test } from "vitest";
import type { Health } from "../../staff/shapes.ts";
import { alarming, line, looked, type Look } from "./uplink.ts";

const health = (over: object): Health =>
  ({ state: "receiving", video: { bitrate_kbps: 2_500 }, audio: null, behind_ms: 2_000, missing_permille: 125, late_ms: 40, warnings: [], ...over }) as unknown as Health;

test("looks are kept, but neither too many nor too near", () => {
  let looks: Look[] = [];
  for (let second = 0; second < 1_000; second++) looks = looked(looks, health({}), second * 1_000);
  expect(looks).toHaveLength(200);
  expect(looks.at(-1)).toEqual({ at: 999_000, kbps: 2_500, missing: 12.5, late_ms: 40 });
  expect(looked(looks, health({ state: "away" }), 2_000_000)).toBe(looks);
  expect(looked(looks, null, 2_000_000)).toBe(looks);
});

test("what viewers see or hear now alarms, the worst first", () => {
  expect(alarming(health({ warnings: ["b_frames", "low_bitrate"] }))).toBeNull();
  expect(alarming(health({ warnings: ["upload_drops", "silence", "black_picture"] }))).toBe("black_picture");
  expect(alarming(health({ warnings: ["silence"], state: "away" }))).toBeNull();
});

test("a line fills its box", () => {
  expect(line([0, 5, 10], 100, 20, 1)).toBe("0.0,20.0 50.0,10.0 100.0,0.0");
  expect(line([1], 100, 20, 2)).toBe("0.0,10.0");
});
