import type { AuditEntry, Named } from "../../staff/contract.ts";
import type { TeamAct } from "../staffRoom.svelte.ts";

export interface TrailLine {
  key: string;
  at: string;
  kind: string;
  number: number | null;
  by: Named | null;
  detail: string;
}

/** The same act may come from the room and from the audit trail this close together, ms. */
const SAME_WITHIN_MS = 3_000;

/** Newest first. The audit trail has the names, so its line wins over the room's for the same act. */
export function trail(live: readonly TeamAct[], audit: readonly AuditEntry[]): TrailLine[] {
  const told = audit.map((entry) => ({
    key: entry.id,
    at: entry.at,
    kind: entry.act,
    number: null,
    by: entry.person,
    detail: [entry.subject, entry.detail].filter(Boolean).join(" · "),
  }));
  const fresh = live
    .filter((act) => act.by !== null || !told.some((one) => Math.abs(Date.parse(one.at) - act.at_ms) < SAME_WITHIN_MS))
    .map((act) => ({
      key: `o${act.o}`,
      at: new Date(act.at_ms).toISOString(),
      kind: act.kind,
      number: act.number,
      by: act.by,
      detail: "",
    }));
  return [...fresh, ...told].sort((a, b) => b.at.localeCompare(a.at));
}
