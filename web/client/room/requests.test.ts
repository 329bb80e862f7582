import { expect, test } from "vitest";
import { closedRequests, openRequests } from "./requests.ts";
import type { Request } from "./wire.ts";

test("the next request is the accepted one, then the one that most ask for", () => {
  const requests: Request[] = [
    { id: "a", number: 1, voices: 3, step: "asked" },
    { id: "b", number: 2, voices: 9, step: "shown" },
    { id: "c", number: 3, voices: 7, step: "asked" },
    { id: "d", number: 4, voices: 1, step: "accepted" },
    { id: "e", number: 5, voices: 8, step: "declined" },
  ];
  expect(closedRequests([{ id: "f", number: 1, voices: 1, step: "shown", programme_ms: 5 }, ...requests]).map((one) => one.id)).toEqual(["f", "b", "e"]);
  expect(openRequests(requests).map((one) => one.id)).toEqual(["d", "c", "a"]);
});
