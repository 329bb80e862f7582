import { nextTurnOf } from "../../client/room/drop.ts";
import { Act } from "../../staff/act.svelte.ts";
import { type DropRow, drops } from "../../staff/drops.ts";
import { dropWords } from "../../staff/words/drops.ts";
import { loading } from "../../ui/loading.svelte.ts";
import { serverClock } from "../../ui/server-clock.svelte.ts";
import { toasts } from "../../ui/toasts.svelte.ts";
import type { StaffRoom } from "../staffRoom.svelte.ts";
import { LEAD_MS } from "../deck/lead.ts";
import { rereadWith } from "../deck/reread.svelte.ts";
import { atHand, deckOf, type DeckDrop } from "./deck.ts";

/** Longest sleep between two looks at the clock, ms. */
const LOOK_BOUND_MS = 60_000;

/** The drops of a show at the desk. Every act shows what the server answered. */
export class DeskDrops {
  readonly list;
  readonly act = new Act();
  #now = $state(serverClock.now());
  #turn = $state(0);
  readonly deck = $derived.by((): DeckDrop[] => deckOf(this.list.value ?? [], this.room().now.drops, this.#now));

  constructor(
    readonly show: string,
    private readonly room: () => StaffRoom,
  ) {
    this.list = loading((signal) => drops.list(show, signal));
    $effect(() => {
      void this.#turn;
      const now = serverClock.now();
      this.#now = now;
      const next = nextTurnOf(this.room().now.drops, now);
      if (next === null) return;
      const timer = setTimeout(() => (this.#turn += 1), Math.min(LOOK_BOUND_MS, Math.max(0, next - now) + 2));
      return () => clearTimeout(timer);
    });
    rereadWith(() => this.room().now.drops, () => this.list.again());
  }

  async arm(row: DropRow, opens_at?: string): Promise<boolean> {
    return this.#does(() => drops.arm(row.id, opens_at), dropWords().armed(row.number));
  }
  async fire(row: DropRow): Promise<void> {
    await this.#does(() => drops.fire(row.id, LEAD_MS), dropWords().firedToast(row.number));
  }
  async undo(row: DropRow): Promise<void> {
    await this.#does(() => drops.arm(row.id), dropWords().undone(row.number));
  }
  async end(row: DropRow): Promise<void> {
    await this.#does(() => drops.end(row.id), dropWords().stopped(row.number));
  }
  async remove(row: DropRow): Promise<void> {
    await this.#does(() => drops.remove(row.id));
  }

  /** One key: arms what is planned, fires what is armed, calls off what counts down. */
  key(): void {
    const one = atHand(this.deck);
    if (one?.standing === "planned") void this.arm(one.row);
    if (one?.standing === "armed") void this.fire(one.row);
    if (one?.standing === "counting") void this.undo(one.row);
  }

  async #does(work: () => Promise<unknown>, done?: string): Promise<boolean> {
    const through = await this.act.run(work);
    if (through && done) toasts.say(done);
    this.list.again();
    return through;
  }
}
