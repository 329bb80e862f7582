import { expect, test } from "vitest";
import { plight } from "./plight.ts";

const out = (qualityLimitationReason: string) => ({ type: "outbound-rtp", kind: "video", qualityLimitationReason });
const remote = (fractionLost: number, kind = "video") => ({ type: "remote-inbound-rtp", kind, fractionLost });

test.each([
  [[out("none"), remote(0.01)], "well"],
  [[out("none")], "well"],
  [[out("bandwidth"), remote(0)], "narrow"],
  [[out("cpu")], "slow"],
  [[out("bandwidth"), remote(0.2)], "lossy"],
  [[out("none"), remote(0.5, "audio")], "well"],
  [[], "narrow"],
] as const)("%j is %s", (stats, expected) => {
  expect(plight([...stats], "narrow")).toBe(expected);
});
