import { expect, test } from "vitest";
import { nextAddress } from "./next.ts";

test.each([
  ["/studio/shows/1/desk", "/studio/shows/1/desk"],
  ["https://evil.example", "/office"],
  ["//evil.example", "/office"],
  ["/\\evil.example", "/office"],
  ["/sign-in?next=/sign-in", "/office"],
  [null, "/office"],
])("%s leads to %s", (asked, expected) => {
  expect(nextAddress(asked, "/office")).toBe(expected);
});
