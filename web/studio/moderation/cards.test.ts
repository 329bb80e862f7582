import { expect, test } from "vitest";
import { cardsOf } from "./cards.ts";

const line = { id: "h", viewer_id: "v", name: "Mei", text: "hello", why: "first" as const };
const queue = {
  reports: [{ subject: { kind: "message", id: "m" }, reasons: [{ reason: "spam", count: 2 }], notes: [], first_at: "", viewer_id: "t", name: "Troll", text: "buy" }],
  appeals: [{ offset: 7, act: "muted", reason: "spam", at: "", viewer_id: "t" }],
};

test("what is in sight of all comes first, and what was dealt with is gone", () => {
  const keys = (done: string[]) => cardsOf([line], queue, done).map((card) => card.key);
  expect(keys([])).toEqual(["report message m", "held h", "appeal 7"]);
  expect(keys(["held h", "report message m"])).toEqual(["appeal 7"]);
  expect(cardsOf([], undefined, [])).toEqual([]);
});
