/** What the engines have in common: a video element showing a programme, and its clock. */
export interface Engine {
  /** Programme time (Unix ms) of what is on screen now; null while there is none. */
  programmeMs(): number | null;
  /** Jumps to the live edge: after the page slept, or a long stall. */
  toEdge(): void;
  destroy(): void;
}

/** Waits between tries for a playlist that does not answer, ms; the last one is repeated while the page is open. */
export const TRY_AGAIN_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;

export function tryAgainAfter(attempt: number): number {
  return TRY_AGAIN_MS[Math.min(attempt, TRY_AGAIN_MS.length - 1)]!;
}
