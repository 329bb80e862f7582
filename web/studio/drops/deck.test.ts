import { expect, test } from "vitest";
import type { Drop } from "../../client/room/wire.ts";
import type { DropRow } from "../../staff/drops.ts";
import { atHand, deckOf } from "./deck.ts";

const row = (number: number, phase: DropRow["phase"], more: Partial<DropRow> = {}): DropRow => ({
  id: `d${number}`,
  number,
  product_id: "p",
  variant_id: "v",
  unit: [],
  quantity: 50,
  limit: 1,
  hold: { minutes: 10 },
  left: 50,
  waiting: 0,
  rehearsal: false,
  server_now: "",
  phase,
  ...more,
});
const told = (number: number, phase: Drop["phase"], more: Partial<Drop> = {}): Drop => ({
  id: `d${number}`,
  number,
  variant_id: "v",
  phase,
  quantity: 50,
  left: 50,
  waiting: 0,
  limit: 1,
  ...more,
});
const said = (rows: DropRow[], room: Drop[] = [], now_ms = 0) =>
  deckOf(rows, room, now_ms).map(({ row, standing, left, waiting }) => `${row.number} ${standing} ${left} ${waiting}`);

test("the room's word on stock and opening is younger than the list's", () => {
  expect(said([row(1, "armed")], [told(1, "open", { left: 12, waiting: 3 })])).toEqual(["1 open 12 3"]);
  expect(said([row(1, "armed")], [told(1, "armed", { opens_at_ms: 5_000 })], 4_000)).toEqual(["1 counting 50 0"]);
});

test("without the room's word the list stands", () => {
  const opens_at = new Date(5_000).toISOString();
  expect(said([row(1, "armed", { opens_at })], [], 4_000)).toEqual(["1 counting 50 0"]);
  expect(said([row(1, "open", { left: 7 })])).toEqual(["1 open 7 0"]);
  expect(said([row(1, "ended", { left: 7 })], [told(1, "open")]), "over by one's own act").toEqual(["1 ended 7 0"]);
});

test("what is at hand comes first, and the key acts on it", () => {
  const rows = [row(1, "ended"), row(2, "planned"), row(3, "armed"), row(4, "open"), row(5, "armed")];
  const room = [told(5, "armed", { opens_at_ms: 9_000 })];
  expect(said(rows, room).map((one) => one[0])).toEqual(["4", "5", "3", "2", "1"]);
  expect(atHand(deckOf(rows, room, 0))?.row.number, "a countdown can be called off").toBe(5);
  expect(atHand(deckOf(rows, [], 0))?.row.number).toBe(3);
  expect(atHand(deckOf([row(1, "ended"), row(4, "open")], [], 0))).toBe(null);
});
