import { expect, it } from "vitest";
import type { ShowCard } from "../../client/shapes.ts";
import { beside } from "./neighbours.svelte.ts";
import { swipeOf } from "./swipe.ts";

const at = (x: number, y: number, at_ms = 0) => ({ x, y, at_ms });

it("a swipe is far, quick, and goes up or down", () => {
  expect(swipeOf(at(200, 600), at(210, 300, 200))).toBe("up");
  expect(swipeOf(at(200, 300), at(190, 600, 200))).toBe("down");
  expect(swipeOf(at(200, 600), at(210, 560, 200))).toBe(null);
  expect(swipeOf(at(200, 600), at(20, 480, 200))).toBe(null);
  expect(swipeOf(at(200, 600), at(200, 300, 1_500))).toBe(null);
});

it("what is live stands next to what is live, then comes what is planned, in a ring", () => {
  const card = (id: string) => ({ id }) as ShowCard;
  const ring = [card("a"), card("b"), card("later")];
  expect([beside(ring, "a", 1)?.id, beside(ring, "a", -1)?.id, beside(ring, "later", 1)?.id]).toEqual(["b", "later", "a"]);
  expect(beside(ring, "gone", 1)?.id).toBe("a");
  expect(beside([card("a")], "a", 1)).toBe(null);
});
