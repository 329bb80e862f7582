import { expect, test } from "vitest";
import type { Trivia } from "../../client/room/wire.ts";
import { leadingTrivia, percent, SHOWN_MS } from "./trivia-shown.ts";

const one = (id: string, phase: Trivia["phase"], opens_at_ms?: number): Trivia => {
  return { id, phase, opens_at_ms, number: 1, variant_id: "v", basis_points: 500, answers: 0 };
};

const lead = (all: Trivia[], decided: Record<string, number> = {}, now = 0) => {
  return leadingTrivia(all, decided, now)?.id ?? null;
};

test("what is asked leads, then what was just decided, then what comes", () => {
  const coming = [one("armed", "armed"), one("counting", "armed", 5_000)];
  const all = [...coming, one("old", "ended"), one("new", "decided"), one("open", "open")];
  expect(lead(all, { old: 0, new: 0 })).toBe("open");
  expect(lead(all.slice(0, 4), { old: 0, new: 0 })).toBe("new");
  expect(lead(all.slice(0, 4), { old: 0, new: 0 }, SHOWN_MS)).toBe("counting");
  expect(lead(all.slice(0, 1))).toBe("armed");
  expect(lead([one("old", "ended")]), "decided before this page was there").toBe(null);
});

test("a percentage has no needless figures", () => {
  expect([500, 1_250, 1].map(percent)).toEqual(["5", "12.5", "0.01"]);
});
