import { untrack } from "svelte";
import { Act } from "../../staff/act.svelte.ts";
import { shows } from "../../staff/api.ts";
import type { Money, RunSheetItem, StudioShow } from "../../staff/shapes.ts";
import { desk } from "../../staff/words/desk.ts";
import { loading } from "../../ui/loading.svelte.ts";
import { toasts } from "../../ui/toasts.svelte.ts";
import { DeskDrops } from "../drops/drops.svelte.ts";
import { StaffRoom } from "../staffRoom.svelte.ts";
import { DeskTrivia } from "../trivia/trivia.svelte.ts";
import { type Look, looked } from "./uplink.ts";

/** How often the show's own figures and health are asked for, ms. */
const ASK_EVERY_MS = 3_000;

/** Everything that the desk shows and does. Stock, prices and states come from the server's answers alone. */
export class DeskState {
  readonly show;
  /** The rehearsal has a room of its own: this is the one of the stage that the show is in. */
  room = $state.raw() as StaffRoom;
  readonly act = new Act();
  /** The row that the arrow keys are on. */
  selected = $state<number | null>(null);
  repricing = $state<number | null>(null);
  selling = $state<number | null>(null);
  /** The viewer for whom a piece is being set aside. */
  asideFor = $state<{ viewer_id: string; name: string } | null>(null);
  /** How the picture came in, for the last ten minutes of this page. */
  looks = $state.raw<Look[]>([]);
  readonly drops: DeskDrops;
  readonly trivia: DeskTrivia;
  #waiting = 0;

  constructor(readonly id: string) {
    this.show = loading((signal) => {
      this.#waiting += 1;
      return shows.get(id, signal).finally(() => (this.#waiting -= 1));
    });
    this.room = new StaffRoom(id, "live");
    this.drops = new DeskDrops(id, () => this.room);
    this.trivia = new DeskTrivia(id, () => this.room);

    $effect(() => {
      const health = this.plan?.health;
      untrack(() => (this.looks = looked(this.looks, health, Date.now())));
    });
    $effect(() => {
      if (this.#stage === null) return;
      const room = new StaffRoom(id, this.#stage);
      this.room = room;
      return room.start();
    });
    $effect(() => {
      // A room is closed as its stage ends: the show's own answer says what comes next.
      if (this.room.link.at === "closed") this.show.again();
    });
    $effect(() => {
      const timer = setInterval(() => {
        // A slow answer is waited for: asking anew would drop it.
        if (document.visibilityState === "visible" && this.#waiting === 0) this.show.again();
      }, ASK_EVERY_MS);
      return () => clearInterval(timer);
    });
    $effect(() => {
      // A room event says that the answer is old; several in a row are one question.
      if (this.room.turn === 0) return;
      const timer = setTimeout(() => this.show.again(), 150);
      return () => clearTimeout(timer);
    });
  }

  #stage = $derived.by((): "rehearsal" | "live" | null => {
    if (!this.plan) return null;
    return this.plan.lifecycle === "rehearsing" ? "rehearsal" : "live";
  });

  get plan(): StudioShow | undefined {
    return this.show.value;
  }

  get items(): RunSheetItem[] {
    return this.plan?.run_sheet ?? [];
  }

  get pinned(): RunSheetItem | undefined {
    return this.item(this.room.now.pinned);
  }

  /** What the sale key acts on: what is on screen, else the selected row. */
  get inHand(): RunSheetItem | undefined {
    return this.pinned ?? this.item(this.selected);
  }

  item(number: number | null): RunSheetItem | undefined {
    return this.items.find((one) => one.number === number);
  }

  pin(number: number): void {
    if (this.item(number)) this.room.pin(number);
  }

  select(by: -1 | 1): void {
    const at = this.items.findIndex((one) => one.number === this.selected);
    const to = at === -1 ? 0 : Math.min(Math.max(at + by, 0), this.items.length - 1);
    this.selected = this.items[to]?.number ?? null;
  }

  async toggleSale(item = this.inHand): Promise<void> {
    if (!item) return toasts.say(desk().stopNothing);
    const stopped = item.sale === "stopped";
    const done = await this.act.run(async () => {
      await (stopped ? shows.resumeSale(this.id, item.number) : shows.stopSale(this.id, item.number));
      this.show.again();
    });
    if (done) toasts.say(stopped ? desk().resumedToast(item.number) : desk().stoppedToast(item.number));
  }

  async reprice(number: number, prices: Money[]): Promise<boolean> {
    const done = await this.act.run(() => shows.reprice(this.id, number, prices), false);
    if (!done) return false;
    toasts.say(desk().repricedToast(number), "good");
    this.show.again();
    return true;
  }

  async soldInShop(number: number, variant: string): Promise<boolean> {
    const done = await this.act.run(() => shows.soldInShop(this.id, number, variant));
    if (!done) return false;
    toasts.say(desk().soldInShopToast(number), "good");
    this.show.again();
    return true;
  }

  async step(step: "rehearse" | "stop-rehearsal" | "go-live" | "end"): Promise<boolean> {
    return this.act.run(async () => {
      await (step === "end" ? shows.end(this.id) : shows.step(this.id, step));
      this.show.set(await shows.get(this.id));
    });
  }
}
