/** The drops of a show as the desk deals with them: what staff planned, with the room's later word on each. */
import { type Standing, standingAt } from "../../client/room/drop.ts";
import type { Drop } from "../../client/room/wire.ts";
import type { DropRow } from "../../staff/drops.ts";

export interface DeckDrop {
  row: DropRow;
  standing: Standing | "planned" | "ended";
  left: number;
  waiting: number;
  opens_at_ms: number | null;
  closes_at_ms: number | null;
}

/** What is at hand comes first; what is over, last. */
const ORDER = ["open", "counting", "armed", "gone", "planned", "closed", "ended"];

export function deckOf(rows: readonly DropRow[], room: readonly Drop[], now_ms: number): DeckDrop[] {
  const deck = rows.map((row) => dealt(row, room.find((one) => one.id === row.id), now_ms));
  const rank = ({ standing }: DeckDrop) => ORDER.indexOf(standing);
  return deck.sort((a, b) => rank(a) - rank(b) || a.row.number - b.row.number);
}

function dealt(row: DropRow, told: Drop | undefined, now_ms: number): DeckDrop {
  const ms = (at: string | null | undefined) => (at ? Date.parse(at) : null);
  // The answer to one's own act comes before the room's word: an ended drop is no longer in the room at all.
  const over = row.phase === "ended" || row.phase === "planned";
  const live: Drop | null = over ? null : (told ?? asTold(row));
  return {
    row,
    standing: live ? standingAt(live, now_ms) : row.phase === "ended" ? "ended" : "planned",
    left: live?.left ?? (row.phase === "planned" ? row.quantity : row.left),
    waiting: live?.waiting ?? row.waiting,
    opens_at_ms: live?.opens_at_ms ?? ms(row.opens_at),
    closes_at_ms: live?.closes_at_ms ?? ms(row.closes_at),
  };
}

/** A drop that the room has not spoken of yet. */
function asTold(row: DropRow): Drop {
  const phase = row.phase === "open" ? "open" : row.phase === "closed" ? "closed" : "armed";
  return {
    ...row,
    phase,
    countries: row.countries ?? undefined,
    opens_at_ms: row.opens_at ? Date.parse(row.opens_at) : undefined,
    closes_at_ms: row.closes_at ? Date.parse(row.closes_at) : undefined,
  };
}

/** The drop that the desk's key acts on: the first that can be called off, fired or armed. */
export function atHand(deck: readonly DeckDrop[]): DeckDrop | null {
  const first = (standing: DeckDrop["standing"]) => deck.find((one) => one.standing === standing);
  return first("counting") ?? first("armed") ?? first("planned") ?? null;
}
