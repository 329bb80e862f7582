import { describe, expect, test } from "vitest";
import { inZone, toUtc } from "./zones.ts";

describe("a start in a time zone", () => {
  const cases: [string, string, string, string][] = [
    ["2026-12-01", "20:00", "Europe/Paris", "2026-12-01T19:00:00.000Z"],
    ["2026-07-01", "20:00", "Europe/Paris", "2026-07-01T18:00:00.000Z"],
    ["2026-12-01", "20:00", "Asia/Shanghai", "2026-12-01T12:00:00.000Z"],
    ["2026-12-01", "01:30", "America/New_York", "2026-12-01T06:30:00.000Z"],
    ["2026-10-25", "12:00", "Europe/Paris", "2026-10-25T11:00:00.000Z"],
    ["2026-12-01", "09:15", "Asia/Kathmandu", "2026-12-01T03:30:00.000Z"],
  ];
  test.each(cases)("%s %s in %s is %s", (date, time, zone, utc) => {
    expect(toUtc(date, time, zone)).toBe(utc);
    expect(inZone(utc, zone)).toEqual({ date, time });
  });

  test("an hour that the clocks skip moves on by what they skip", () => {
    expect(toUtc("2026-03-29", "02:30", "Europe/Paris")).toBe("2026-03-29T01:30:00.000Z");
  });

  test("half a date is no date", () => {
    expect(toUtc("", "20:00", "Europe/Paris")).toBeNull();
  });
});
