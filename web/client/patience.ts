import { Problem, UNREACHABLE } from "./problem.ts";

/** Asked so many times at most, the first one included. */
export const TRIES = 8;
/** The longest wait between two, ms. */
const WAIT_BOUND_MS = 4_000;

/** Whether asking the same again, under the same key, may be answered otherwise. */
export function worthAgain(error: unknown): error is Problem {
  return error instanceof Problem && (error.code === UNREACHABLE || error.status === 429 || error.status === 503);
}

/**
 * Asks again while the house is busy or out of reach, when it says to, spread by `random` in [0, 1). The question must
 * carry an idempotency key: an answer that was lost is then found, not made twice.
 */
export async function patiently<Answer>(
  ask: () => Promise<Answer>,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
  random: () => number = Math.random,
): Promise<Answer> {
  for (let turn = 1; ; turn++) {
    try {
      return await ask();
    } catch (error) {
      if (turn === TRIES || !worthAgain(error)) throw error;
      const grown_ms = Math.min(WAIT_BOUND_MS, 250 * 2 ** (turn - 1));
      await wait((error.retry_after_ms ?? grown_ms) * (1 + random() / 2));
    }
  }
}
