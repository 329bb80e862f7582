/** What a drop comes to at a moment of the server's clock: the same on every page. */
import type { Drop, DropPhase } from "./wire.ts";

/** `counting`: armed, and its opening time is known. */
export type Standing = Exclude<DropPhase, "ended"> | "counting";

export interface LiveDrop {
  drop: Drop;
  standing: Standing;
}

export function standingAt(drop: Drop, now_ms: number): Standing {
  const { opens_at_ms, closes_at_ms, left } = drop;
  if (drop.phase === "closed" || drop.phase === "ended") return "closed";
  if (drop.phase === "armed") {
    if (opens_at_ms == null) return "armed";
    if (now_ms < opens_at_ms) return "counting";
  }
  if (closes_at_ms != null && now_ms >= closes_at_ms) return "closed";
  return left > 0 && drop.phase !== "gone" ? "open" : "gone";
}

/** When a drop of these turns next by itself, Unix ms of the server; null where none will. */
export function nextTurnOf(drops: readonly Drop[], now_ms: number): number | null {
  const turns = drops.flatMap(({ opens_at_ms, closes_at_ms }) => [opens_at_ms, closes_at_ms]);
  const ahead = turns.filter((at) => at != null).filter((at) => at > now_ms);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}

/** The order in which drops ask for attention. */
const FIRST: Standing[] = ["open", "counting", "gone", "armed", "closed"];

/** The drop that leads: what can be claimed, else what opens soonest, else what can be waited for, else the rest. */
export function leading(drops: readonly LiveDrop[]): LiveDrop | null {
  const soon = ({ drop }: LiveDrop) => drop.opens_at_ms ?? Infinity;
  const rank = ({ standing }: LiveDrop) => FIRST.indexOf(standing);
  const sorted = drops.filter(({ standing }) => standing !== "closed").sort((a, b) => rank(a) - rank(b) || soon(a) - soon(b));
  return sorted[0] ?? null;
}
