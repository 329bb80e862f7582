/** The zones that a start is offered in first; the browser's own comes before them. */
const usual = [
  "America/Los_Angeles",
  "America/New_York",
  "Europe/London",
  "Europe/Paris",
  "Asia/Dubai",
  "Asia/Shanghai",
  "Asia/Tokyo",
  "Australia/Sydney",
];

export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Every zone that this browser knows, the usual ones first. */
export function zones(also?: string): string[] {
  return [...new Set([ownZone(), ...(also ? [also] : []), ...usual, ...Intl.supportedValuesOf("timeZone")])];
}

/** A moment as the wall of a zone shows it: `{date: "2026-12-01", time: "20:00"}`. */
export function inZone(utc: string, zone: string): { date: string; time: string } {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(new Date(utc))
      .map((part) => [part.type, part.value]),
  );
  return { date: `${parts["year"]}-${parts["month"]}-${parts["day"]}`, time: `${parts["hour"]}:${parts["minute"]}` };
}

/** What a wall clock in a zone shows → UTC; null where date or time is not complete. */
export function toUtc(date: string, time: string, zone: string): string | null {
  const wall = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(wall)) return null;
  // The offset is that of the zone at the moment sought; two steps settle it around a change of the clocks.
  const first = wall - offsetMs(wall, zone);
  return new Date(wall - offsetMs(first, zone)).toISOString();
}

function offsetMs(at: number, zone: string): number {
  const shown = inZone(new Date(at).toISOString(), zone);
  return Date.parse(`${shown.date}T${shown.time}:00Z`) - Math.floor(at / 60_000) * 60_000;
}
