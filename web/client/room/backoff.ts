/** When to try the room again after it was lost. */

/** The longest wait between two tries, ms. */
export const WAIT_BOUND_MS = 15_000;

/** Codes 4000–4499 are final (docs/close-codes.md); everything else, a lost network included, is worth another try. */
export function mayReconnect(closeCode: number): boolean {
  return !(closeCode >= 4000 && closeCode <= 4499);
}

/** Wait before try number `attempt` (0, 1, …), ms, spread by `random` in [0, 1): a room must not return at once. */
export function waitBefore(attempt: number, random: number): number {
  const whole = Math.min(WAIT_BOUND_MS, 400 * 2 ** Math.min(attempt, 10));
  return Math.round(whole * (0.5 + random / 2));
}
