import { expect, test } from "vitest";
import { withLinks } from "./links.ts";

test.each([
  ["no address", ["no address"]],
  ["Go to http://a.example/x?y=1.", ["Go to ", "→http://a.example/x?y=1", "."]],
  ["https://a.example", ["→https://a.example"]],
])("%s", (text, expected) => {
  expect(withLinks(text).map((part) => (part.href ? `→${part.href}` : part.text))).toEqual(expected);
});
