import type { Trivia } from "../../client/room/wire.ts";

/** How long the end of a question is shown, ms. */
export const SHOWN_MS = 20_000;

/** The question that the banner shows: the one that is asked, else one that was just decided, else the next. */
export function leadingTrivia(
  all: readonly Trivia[],
  decided_ms: Readonly<Record<string, number>>,
  now_ms: number,
): Trivia | null {
  const fresh = (one: Trivia) => now_ms - (decided_ms[one.id] ?? -Infinity) < SHOWN_MS;
  return (
    all.find(({ phase }) => phase === "open") ??
    all.findLast((one) => (one.phase === "decided" || one.phase === "ended") && fresh(one)) ??
    all.find(({ phase, opens_at_ms }) => phase === "armed" && opens_at_ms != null) ??
    all.find(({ phase }) => phase === "armed") ??
    null
  );
}

/** "5", "12.5": what the winner saves, in percent. */
export const percent = (basis_points: number): string => String(basis_points / 100);
