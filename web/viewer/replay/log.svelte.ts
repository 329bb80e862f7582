import { replayLog } from "../../client/buyer.ts";
import { emptyRoom, reduce, type RoomState } from "../../client/room/state.ts";
import type { RoomEvent } from "../../client/room/wire.ts";

/** Fewer events ahead than this: the next page is asked for. */
const AHEAD = 40;
/** A jump further than this asks for the page of that moment; nearer ones are played through, ms. */
const JUMP_MS = 20_000;
/** A playhead may step back by so much without being a jump: clocks of stretches meet within it. */
const BACK_MS = 1_500;

/** The room's log beside a replay: folded up to the playhead, page by page. */
export class ReplayLog {
  state = $state.raw<RoomState>(emptyRoom());
  #show: string;
  #ahead: RoomEvent[] = [];
  #next: number | null = null;
  #at_ms: number | null = null;
  /** The answer to the newest jump counts. */
  #asked = 0;
  #loading = false;

  constructor(show: string) {
    this.#show = show;
  }

  /** The picture is at this moment of the programme now. */
  playhead(at_ms: number | null): void {
    if (at_ms === null) return;
    const last = this.#at_ms;
    this.#at_ms = at_ms;
    if (last === null || at_ms < last - BACK_MS || at_ms > last + JUMP_MS) void this.#jump(at_ms);
    else this.#release(at_ms);
  }

  async #jump(at_ms: number): Promise<void> {
    const mine = ++this.#asked;
    this.#loading = true;
    const page = await replayLog(this.#show, { at_ms }).catch(() => null);
    if (mine !== this.#asked) return;
    this.#loading = false;
    if (!page) {
      // Asked again with the next tick of the playhead.
      this.#at_ms = null;
      return;
    }
    this.state = { ...emptyRoom(), offset: page.from };
    this.#ahead = page.events;
    this.#next = page.next ?? null;
    this.#release(this.#at_ms ?? at_ms);
  }

  async #more(): Promise<void> {
    if (this.#loading || this.#next === null) return;
    const mine = this.#asked;
    this.#loading = true;
    const page = await replayLog(this.#show, { after: this.#next }).catch(() => null);
    if (mine !== this.#asked) return;
    this.#loading = false;
    if (!page) return;
    this.#ahead = [...this.#ahead, ...page.events];
    this.#next = page.next ?? null;
  }

  #release(at_ms: number): void {
    let due = this.#ahead.findIndex((event) => event.programme_ms > at_ms);
    if (due < 0) due = this.#ahead.length;
    if (due > 0) {
      const events = this.#ahead.slice(0, due);
      this.#ahead = this.#ahead.slice(due);
      const now_ms = Date.now();
      const frame = { t: "frame" as const, from: this.state.offset + 1, to: events.at(-1)!.o, left_out: 0, events };
      const folded = reduce(this.state, { kind: "server", frame, now_ms });
      this.state = reduce(folded, { kind: "playhead", programme_ms: null, now_ms });
    }
    if (this.#ahead.length < AHEAD) void this.#more();
  }
}
