import { expect, test } from "vitest";
import { programmeOfStamp } from "./rtp-time.ts";

test("a stamp is the programme time nearest to now that has it", () => {
  const at_ms = 1_795_370_400_000;
  const stampOf = (ms: number) => Number((BigInt(ms) * 90n) % 4_294_967_296n);
  const cases = [[0, 0], [-250, 0], [-30_000, 12], [4_000, 0], [-1, 40_000_000], [0, 47_721_858]] as const;
  for (const [shown, now] of cases) {
    const near = at_ms + now;
    expect(programmeOfStamp(stampOf(near + shown), near)).toBe(near + shown);
  }
});
