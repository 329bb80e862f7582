import type { AuditEntry } from "../../staff/shapes.ts";
import type { TeamAct } from "../staffRoom.svelte.ts";

export interface TrailLine {
  key: string;
  at: string;
  kind: string;
  number: number | null;
  /** "you": done at this desk. Null: a colleague whose name is not known here. */
  by: "you" | { id: string; name: string } | null;
  detail: string;
}

/** The same act comes from the room and from the audit trail this close together, ms. */
const SAME_WITHIN_MS = 2_000;

/** Newest first: what the room saw, with the names that the audit trail has for it, and what only the trail has. */
export function trail(live: readonly TeamAct[], audit: readonly AuditEntry[]): TrailLine[] {
  const left = [...audit];
  const seen = live.map((act): TrailLine => {
    const at = left.findIndex((entry) => Math.abs(Date.parse(entry.at) - act.at_ms) < SAME_WITHIN_MS);
    const entry = at === -1 ? undefined : left.splice(at, 1)[0];
    return {
      key: `o${act.o}`,
      at: new Date(act.at_ms).toISOString(),
      kind: act.kind,
      number: act.number,
      by: act.own ? "you" : (act.by ?? entry?.person ?? null),
      detail: entry?.detail ?? "",
    };
  });
  const told = left.map(
    (entry): TrailLine => ({
      key: entry.id,
      at: entry.at,
      kind: entry.act,
      number: null,
      by: entry.person ?? null,
      detail: [entry.subject, entry.detail].filter(Boolean).join(", "),
    }),
  );
  return [...seen, ...told].sort((a, b) => b.at.localeCompare(a.at));
}
