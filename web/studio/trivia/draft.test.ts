import { expect, test } from "vitest";
import { Draft } from "./draft.svelte.ts";

function filled(change: Partial<Record<"question" | "answers" | "off", string>>): Draft {
  const draft = new Draft(undefined, 3);
  Object.assign(draft, { question: " Whose? ", answers: "Gucci\n\n 1970s Gucci \n", variant_id: "v", ...change });
  return draft;
}

test("what is typed becomes the body", () => {
  const body = filled({ off: "12,5" }).check();
  expect(body).toMatchObject({ number: 3, question: "Whose?", answers: ["Gucci", "1970s Gucci"], basis_points: 1_250, window_s: 30, hold: { minutes: 10 } });
});

test.each([
  [{ question: " " }, "question"],
  [{ answers: "\n \n" }, "answers"],
  [{ off: "0" }, "basis_points"],
  [{ off: "101" }, "basis_points"],
  [{ off: "five" }, "basis_points"],
])("%j is told at its field", (change, field) => {
  const draft = filled(change);
  expect(draft.check()).toBe(null);
  expect(Object.keys(draft.errors)).toEqual([field]);
});
