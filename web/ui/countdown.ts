/** How a countdown runs: whole seconds, turned for everybody at the same moment, and said aloud three times. */

/** Seconds left at which a countdown is said to screen readers. */
const MARKS = [60, 30, 10];
/** Timers may fire this early, ms. */
const EARLY_MS = 4;

/** Whole seconds left, rounded up: 0 only when it is over. */
export function secondsLeft(until_ms: number, now_ms: number): number {
  return Math.max(0, Math.ceil((until_ms - now_ms) / 1000));
}

/** When the figure turns next, ms from now; null once it is over. */
export function nextTurn(until_ms: number, now_ms: number): number | null {
  const left_ms = until_ms - now_ms;
  if (left_ms <= 0) return null;
  return (left_ms % 1000 || 1000) + EARLY_MS;
}

/** The mark that lies between two looks at the figure, the lower one where a sleeping page skipped several. */
export function markPassed(before: number, left: number): number | null {
  if (left <= 0) return null;
  return MARKS.filter((mark) => before > mark && left <= mark).at(-1) ?? null;
}
