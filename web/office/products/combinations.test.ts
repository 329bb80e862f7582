import { describe, expect, test } from "vitest";
import { combinations, nextId } from "./combinations.ts";

describe("variants from options", () => {
  test.each<[string[][], string]>([
    [[], ""],
    [[["S", "M"]], "S|M"],
    [[["S", "M"], ["red", "blue"]], "S+red|S+blue|M+red|M+blue"],
    [[["S"], []], ""],
  ])("%j", (lists, expected) => {
    expect(combinations(lists).map((one) => one.join("+")).join("|")).toBe(expected);
  });

  test("an id is never given twice", () => {
    expect(nextId(["v1", "v3"])).toBe("v2");
    expect(nextId([])).toBe("v1");
  });
});
