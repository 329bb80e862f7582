import { expect, test } from "vitest";
import { trail } from "./trail.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 20, 0, second));

test("acts of the room carry their names, or get them from the audit trail; acts that only the trail has stay", () => {
  const live = [
    { o: 9, at_ms: at(30).getTime(), kind: "pinned", number: 3, own: true, by: null },
    { o: 8, at_ms: at(20).getTime(), kind: "removed", number: null, own: false, by: null },
    { o: 7, at_ms: at(5).getTime(), kind: "pinned", number: 1, own: false, by: { id: "p9", name: "Noor" } },
  ];
  const audit = [
    { id: "a2", at: at(21).toISOString(), person: { id: "t", name: "Tom" }, act: "message_removed", subject: "", detail: "Spam" },
    { id: "a1", at: at(10).toISOString(), person: { id: "c", name: "Claire" }, act: "show_changed", subject: "Silk", detail: null },
  ];
  const said = trail(live, audit).map((line) => {
    const by = line.by === "you" ? "you" : (line.by?.name ?? "?");
    return `${by} ${line.kind} ${line.number ?? ""} ${line.detail}`.trim();
  });
  expect(said).toEqual(["you pinned 3", "Tom removed  Spam", "Claire show_changed  Silk", "Noor pinned 1"]);
});
