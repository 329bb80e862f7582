import { expect, test } from "vitest";
import { former, spans, type Version } from "./spans.ts";

const version = (id: string, currency: string, minor: number | null, hour: number): Version => ({
  id,
  currency,
  price: minor === null ? null : { amount_minor: minor, currency },
  from: `2026-11-22T${String(hour).padStart(2, "0")}:00:00Z`,
});

test("a version holds until the next one of its currency", () => {
  const all = spans([
    version("c", "USD", 19_800, 20),
    version("a", "USD", 19_800, 10),
    version("e", "EUR", 18_000, 10),
    version("b", "USD", 1_980, 19),
    version("d", "EUR", null, 21),
  ]);
  const told = all.map(({ id, until }) => `${id}:${until?.slice(11, 13) ?? "now"}`);
  expect(told).toEqual(["d:now", "c:now", "b:20", "e:21", "a:19"]);
  expect(former(all).map(({ id }) => id)).toEqual(["b", "e", "a"]);
});

test("versions of one moment hold in the order of their ids", () => {
  const all = spans([version("b", "USD", 2, 10), version("a", "USD", 1, 10)]);
  expect(all.map(({ id, until }) => [id, until === null])).toEqual([
    ["b", true],
    ["a", false],
  ]);
});
