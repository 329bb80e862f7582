import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deskKeys } from "./keys.ts";

/** Presses keys on a desk with these show numbers and tells what came of it. */
function press(keys: string, numbers: number[], wait_ms = 0): string[] {
  const done: string[] = [];
  const note = (word: string) => () => void done.push(word);
  const handle = deskKeys({
    pin: (number) => void done.push(`pin ${number}`),
    unpin: note("unpin"),
    stopSale: note("stop"),
    reprice: note("reprice"),
    drop: note("drop"),
    trivia: note("trivia"),
    select: (by) => void done.push(`select ${by}`),
    pinSelected: note("pin selected"),
    chat: note("chat"),
    announce: note("announce"),
    help: note("help"),
    has: (number) => numbers.includes(number),
  });
  for (const key of keys.split(" ")) handle({ key, target: null, preventDefault: () => undefined } as unknown as KeyboardEvent);
  vi.advanceTimersByTime(wait_ms);
  return done;
}

describe("the keys of the desk", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const few = [1, 2, 3];
  const many = Array.from({ length: 14 }, (_, i) => i + 1);

  test.each<[string, number[], string[]]>([
    ["2", few, ["pin 2"]],
    ["7", few, []],
    ["0", few, ["unpin"]],
    ["1 2", many, ["pin 12"]],
    ["3", many, ["pin 3"]],
    ["1", many, ["pin 1"]],
    ["s", few, ["stop"]],
    ["S", few, ["stop"]],
    ["d", few, ["drop"]],
    ["t", few, ["trivia"]],
    ["ArrowDown Enter", few, ["select 1", "pin selected"]],
    ["x", few, []],
  ])("%s with %j", (keys, numbers, expected) => {
    expect(press(keys, numbers, 700)).toEqual(expected);
  });

  test("a first digit waits where a second may follow", () => {
    expect(press("1", many)).toEqual([]);
  });
});
