import { expect, test } from "vitest";
import type { HeldLine, RoomEvent } from "../../client/room/wire.ts";
import { HELD_BOUND, stillHeld } from "./held.ts";

const line = (id: string): HeldLine => ({ id, viewer_id: "v", name: "Mei", text: id, why: "first" });
const at = { o: 1, programme_ms: 0 };
const held = (id: string): RoomEvent => ({ ...at, k: "held", line: line(id) });
const message = (id: string, from: string): RoomEvent => ({ ...at, k: "message", id, viewer_id: "v", name: "Mei", text: id, held: from });
const ids = (lines: HeldLine[]) => lines.map((one) => one.id);

test("a line waits until it is heard or refused", () => {
  const waits = stillHeld([], [held("a"), held("b"), held("c"), { ...at, k: "held" }]);
  expect(ids(waits)).toEqual(["a", "b", "c"]);
  expect(ids(stillHeld(waits, [message("m", "b"), { ...at, k: "held_refused", message_id: "a" }]))).toEqual(["c"]);
});

test("events about nothing that waits leave the list as it is", () => {
  const waits = [line("a")];
  expect(stillHeld(waits, [{ ...at, k: "unpinned" }])).toBe(waits);
});

test("the list is bounded", () => {
  const many = Array.from({ length: HELD_BOUND + 5 }, (_, number) => held(String(number)));
  expect(stillHeld([], many)).toHaveLength(HELD_BOUND);
});
