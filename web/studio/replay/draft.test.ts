import { expect, test } from "vitest";
import { Draft } from "./draft.svelte.ts";

const pins = [{ number: 1, at_ms: 10 }, { number: 2, at_ms: 20 }];
const untouched = { version: 3, start_ms: null, end_ms: null, hidden: [], chapters: null, poster_ms: null };

test("what nobody corrects stays as the pins have it", () => {
  const draft = new Draft({ edit: untouched, pins });
  draft.trim("start_ms", 12);
  expect(draft.chapters).toEqual(pins);
  expect(draft.edit).toEqual({ ...untouched, start_ms: 12 });
  draft.poster(15);
  expect(draft.edit).toEqual({ ...untouched, start_ms: 12, poster_ms: 15 });
});

test("chapters are kept in their order, and a part is hidden in two steps", () => {
  const draft = new Draft({ edit: untouched, pins });
  draft.mark(0, { number: 1, at_ms: 25 });
  draft.mark(null, { number: 7, at_ms: 22 });
  expect(draft.edit.chapters?.map((one) => one.number)).toEqual([2, 7, 1]);
  draft.drop(0);
  expect(draft.edit.chapters?.map((one) => one.number)).toEqual([7, 1]);
  draft.hide(14);
  expect(draft.edit.hidden).toEqual([]);
  draft.hide(16);
  expect(draft.edit.hidden).toEqual([{ from_ms: 14, to_ms: 16 }]);
  draft.show(0);
  expect(draft.edit.hidden).toEqual([]);
  expect(draft.changed).toBe(true);
});
