/** RTP stamps of the house's pictures: programme time in ms × 90, of which the lowest 32 bits travel. */
const WRAP = 2 ** 32;

/** The programme time (Unix ms) nearest to `near_ms` that has this stamp. It repeats every 13 hours. */
export function programmeOfStamp(stamp: number, near_ms: number): number {
  const near = (Math.round(near_ms) * 90) % WRAP;
  const ahead = (stamp - near + WRAP * 1.5) % WRAP;
  return Math.round(near_ms) + Math.round((ahead - WRAP / 2) / 90);
}
