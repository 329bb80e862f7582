import { expect, it } from "vitest";
import { mayReconnect, WAIT_BOUND_MS, waitBefore } from "./backoff.ts";
import { offsetOf, SAMPLE_BOUND, sampleOf, withSample } from "./clock.ts";

it("final close codes end it, all others are worth another try", () => {
  expect([1000, 1006, 1011, 3999, 4000, 4499, 4500, 4999].map(mayReconnect)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    true,
    true,
  ]);
});

it("waits grow, are spread and stay bounded", () => {
  expect([waitBefore(0, 0), waitBefore(0, 0.999), waitBefore(3, 0), waitBefore(50, 0.999)]).toEqual([
    200,
    400,
    1600,
    expect.closeTo(WAIT_BOUND_MS, -2),
  ]);
});

it("the clock believes the sample with the shortest way", () => {
  const slow = sampleOf(1_000, 9_000, 1_800);
  const quick = sampleOf(2_000, 7_020, 2_040);
  expect([offsetOf([]), offsetOf([slow, quick]), offsetOf([quick, slow])]).toEqual([0, 5_000, 5_000]);
});

it("old clock samples fall off", () => {
  let samples = withSample([], sampleOf(0, 5, 0));
  for (let turn = 0; turn < SAMPLE_BOUND; turn++) samples = withSample(samples, sampleOf(0, 60, 10));
  expect([samples.length, offsetOf(samples)]).toEqual([SAMPLE_BOUND, 55]);
});

it("a device whose clock is set is believed at once, whatever its best sample was", () => {
  const before = withSample(withSample([], sampleOf(1_000, 6_004, 1_008)), sampleOf(9_000, 14_100, 9_200));
  expect(offsetOf(before)).toBe(5_000);
  // An hour back: the next answer, though slow, shuts out what was known.
  const after = withSample(before, sampleOf(-3_589_000, 16_300, -3_588_400));
  expect([after.length, offsetOf(after)]).toEqual([1, 3_605_000]);
});
