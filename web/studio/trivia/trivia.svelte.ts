import type { Trivia } from "../../client/room/wire.ts";
import { Act } from "../../staff/act.svelte.ts";
import { trivia, type TriviaRow } from "../../staff/trivia.ts";
import { triviaWords } from "../../staff/words/trivia.ts";
import { loading } from "../../ui/loading.svelte.ts";
import { toasts } from "../../ui/toasts.svelte.ts";
import type { StaffRoom } from "../staffRoom.svelte.ts";
import { LEAD_MS } from "../deck/lead.ts";
import { rereadWith } from "../deck/reread.svelte.ts";

export interface DeckTrivia {
  row: TriviaRow;
  /** The room's later word on it. */
  told: Trivia | undefined;
  standing: "planned" | "armed" | "counting" | "open" | "decided" | "ended";
  opens_at_ms: number | null;
}

const ORDER = ["open", "counting", "armed", "decided", "planned", "ended"];

/** What staff planned, with the room's later word on each; what is at hand first. */
export function deckOf(rows: readonly TriviaRow[], room: readonly Trivia[]): DeckTrivia[] {
  const deck = rows.map((row): DeckTrivia => {
    const told = row.phase === "planned" || row.phase === "ended" ? undefined : room.find((one) => one.id === row.id);
    const phase = told?.phase ?? row.phase;
    const opens_at_ms = told ? (told.opens_at_ms ?? null) : row.opens_at ? Date.parse(row.opens_at) : null;
    return { row, told, standing: phase === "armed" && opens_at_ms !== null ? "counting" : phase, opens_at_ms };
  });
  return deck.sort((a, b) => ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing));
}

/** The questions of a show at the desk. Every act shows what the server answered. */
export class DeskTrivia {
  readonly list;
  readonly act = new Act();
  readonly deck = $derived.by((): DeckTrivia[] => deckOf(this.list.value ?? [], this.room().now.trivia));

  constructor(
    readonly show: string,
    private readonly room: () => StaffRoom,
  ) {
    this.list = loading((signal) => trivia.list(show, signal));
    rereadWith(() => this.room().now.trivia, () => this.list.again());
  }

  arm = (row: TriviaRow) => this.#does(() => trivia.arm(row.id), triviaWords().armed(row.number));
  fire = (row: TriviaRow) => this.#does(() => trivia.fire(row.id, LEAD_MS), triviaWords().firedToast);
  undo = (row: TriviaRow) => this.#does(() => trivia.arm(row.id), triviaWords().undone);
  end = (row: TriviaRow) => this.#does(() => trivia.end(row.id), triviaWords().stopped);
  remove = (row: TriviaRow) => this.#does(() => trivia.remove(row.id));

  /** One key: arms what is planned, asks what is armed, calls off what counts down. */
  key(): void {
    const first = (standing: string) => this.deck.find((one) => one.standing === standing);
    const one = first("counting") ?? first("armed") ?? first("planned");
    if (one?.standing === "counting") void this.undo(one.row);
    else if (one?.standing === "armed") void this.fire(one.row);
    else if (one) void this.arm(one.row);
  }

  async #does(work: () => Promise<unknown>, done?: string): Promise<void> {
    if ((await this.act.run(work)) && done) toasts.say(done);
    this.list.again();
  }
}
