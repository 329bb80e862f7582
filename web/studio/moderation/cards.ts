import type { HeldLine } from "../../client/room/wire.ts";
import type { ModerationQueue } from "../../staff/shapes.ts";

export type Card =
  | { kind: "held"; key: string; viewer_id: string; name: string; line: HeldLine }
  | { kind: "report"; key: string; viewer_id: string | null; name: string; report: ModerationQueue["reports"][number] }
  | { kind: "appeal"; key: string; viewer_id: string; name: string; appeal: ModerationQueue["appeals"][number] };

/** Cards that a page shows at one time; the others come as these are dealt with. */
export const CARD_BOUND = 40;

/** All that waits: reports first, as what they are about is in sight; then lines that wait; then appeals. */
export function cardsOf(
  held: readonly HeldLine[],
  queue: ModerationQueue | undefined,
  done: readonly string[],
): Card[] {
  const reports = (queue?.reports ?? []).map((report): Card => {
    const key = `report ${report.subject.kind} ${report.subject.id}`;
    return { kind: "report", key, viewer_id: report.viewer_id ?? null, name: report.name ?? "", report };
  });
  const waiting = held.map((line): Card => {
    return { kind: "held", key: `held ${line.id}`, viewer_id: line.viewer_id, name: line.name, line };
  });
  const appeals = (queue?.appeals ?? []).map((appeal): Card => {
    const key = `appeal ${appeal.offset}`;
    return { kind: "appeal", key, viewer_id: appeal.viewer_id, name: appeal.name ?? "", appeal };
  });
  return [...reports, ...waiting, ...appeals].filter((card) => !done.includes(card.key));
}
