import { expect, it } from "vitest";
import { patiently, TRIES } from "./patience.ts";
import { Problem, UNREACHABLE } from "./problem.ts";

/** Asks with these answers in turn, and tells what came of it and how long was waited. */
async function asked(...answers: (string | Problem)[]) {
  const waits: number[] = [];
  let turn = 0;
  const ask = () => {
    const answer = answers[Math.min(turn++, answers.length - 1)]!;
    return answer instanceof Problem ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const wait = (ms: number) => Promise.resolve(void waits.push(ms));
  const end = await patiently(ask, wait, () => 0).catch((error: Problem) => error.code);
  return { end, turn, waits };
}
const busy = (retry_after_ms: number | null = null) => new Problem("busy", 429, "", [], {}, retry_after_ms);
const away = new Problem(UNREACHABLE, 0, "");

it("a busy house is asked again, when it says or after growing waits", async () => {
  expect(await asked(busy(), busy(), "claimed")).toEqual({ end: "claimed", turn: 3, waits: [250, 500] });
  expect(await asked(busy(1_000), away, "claimed")).toEqual({ end: "claimed", turn: 3, waits: [1_000, 500] });
});

it("a refusal is an answer", async () => {
  expect(await asked(new Problem("sold_out", 409, ""), "claimed")).toEqual({ end: "sold_out", turn: 1, waits: [] });
});

it("patience ends", async () => {
  const { end, turn, waits } = await asked(busy());
  expect([end, turn, Math.max(...waits)]).toEqual(["busy", TRIES, 4_000]);
});
