import { setChatName } from "../../client/buyer.ts";
import { type LinkState, RoomLink } from "../../client/room/link.ts";
import { asking, emptyRoom, type Input, reduce } from "../../client/room/state.ts";
import type { ClaimNews, Moderated, ToServer } from "../../client/room/wire.ts";
import { market } from "../../ui/market.svelte.ts";
import { serverClock } from "../../ui/server-clock.svelte.ts";

/** Hearts leave in sums, at most this often, ms; and no more than this many at once. */
const HEART_EVERY_MS = 400;
const HEART_BOUND = 20;

type Refless<Message> = Message extends { ref: string } ? Omit<Message, "ref"> : never;

/** One viewer's place in a room: the fold, the connection, and what they do. */
export class Room {
  state = $state.raw(emptyRoom());
  link = $state.raw<LinkState>({ at: "joining" });
  /** Own hearts since the page opened: they float at once. */
  ownHearts = $state(0);
  /** Where the log stood when this viewer came. */
  joinedAt = $state(0);
  /** The last thing a command was refused for, in the server's words. */
  refusal = $state("");
  /** The last thing that this viewer alone was told of a claim. */
  news = $state.raw<ClaimNews | null>(null);

  /** The last thing that the shop decided about this viewer. */
  moderated = $state.raw<Moderated | null>(null);

  /** Watching what is behind the live picture, from this moment of the programme on; 0: from a little before. */
  back = $state<number | null>(null);

  #link: RoomLink;
  /** Who waits for an answer, by ref. */
  #waiting: Record<string, (refused: string) => void> = {};
  #unsent = 0;
  #echo = 0;
  #heartTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(showId: string, stage?: "rehearsal") {
    this.#link = new RoomLink({
      showId,
      stage,
      position: () => ({ epoch: this.state.epoch, offset: this.state.offset }),
      onstate: (state) => (this.link = state),
      onclock: (asked_ms, server_ms) => serverClock.heard(asked_ms, server_ms),
      onframe: (frame) => {
        this.#take({ kind: "server", frame, now_ms: Date.now() });
        if (frame.t === "hello") {
          this.joinedAt ||= this.state.offset;
          for (const lost of Object.values(this.#waiting)) lost("lost");
          this.#waiting = {};
          this.#sendPending();
        }
        if (frame.t === "claim") this.news = frame;
        if (frame.t === "moderated") this.moderated = frame;
        if (frame.t === "refused") this.refusal = frame.detail;
        if (frame.t === "ack" || frame.t === "refused") {
          this.#waiting[frame.ref]?.(frame.t === "ack" ? "" : frame.code);
          delete this.#waiting[frame.ref];
        }
        if (this.state.gap) this.#link.rejoin();
      },
    });
  }

  /** Joins; the viewer's cookie must be there. */
  enter(): void {
    this.#link.start();
  }

  get name(): string | null {
    return this.state.you?.name ?? null;
  }
  /** Hearts of others that arrived last: own ones, already seen, are taken off. */
  othersBurst(count: number): number {
    const own = Math.min(this.#echo, count);
    this.#echo -= own;
    return count - own;
  }

  playhead(programme_ms: number | null): void {
    if (this.state.held.length > 0) this.#take({ kind: "playhead", programme_ms, now_ms: Date.now() });
  }

  /** Shows it at once, marked; it is sent now or after the connection is back. */
  say(text: string): void {
    const ref = crypto.randomUUID();
    this.#take({ kind: "said", ref, text, name: this.name ?? "" });
    this.#tell(ref, text);
  }

  /** With an answer goes where the prize would be sent. */
  #tell(ref: string, text: string): void {
    this.#link.send({ t: "say", ref, text, ...(asking(this.state) && market.now) });
  }

  /** Takes the name and joins again under it. Throws the server's refusal. */
  async rename(name: string): Promise<void> {
    await setChatName(name);
    const you = this.state.you;
    if (you) this.state = { ...this.state, you: { ...you, name } };
    this.#link.rejoin();
  }

  heart(): void {
    this.ownHearts += 1;
    this.#unsent = Math.min(HEART_BOUND, this.#unsent + 1);
    this.#heartTimer ??= setTimeout(() => {
      this.#heartTimer = undefined;
      if (this.#link.send({ t: "heart", count: this.#unsent })) this.#echo += this.#unsent;
      this.#unsent = 0;
    }, HEART_EVERY_MS);
  }

  /** Sends a command. Comes to the code of its refusal, or to nothing once it has happened. */
  command(message: Refless<ToServer>): Promise<string> {
    const ref = crypto.randomUUID();
    return new Promise((done) => {
      if (this.#link.send({ ...message, ref } as ToServer)) this.#waiting[ref] = done;
      else done("lost");
    });
  }

  /** A line that waited was not let through: it stays, marked, with the reason. */
  refuse(ref: string, why: string): void {
    this.#take({ kind: "unsent", ref, why });
  }

  stop(): void {
    clearTimeout(this.#heartTimer);
    this.#link.stop();
  }

  #take(input: Input): void {
    this.state = reduce(this.state, input);
  }

  /** The server knows a ref that it has taken already, so sending again cannot double a line. */
  #sendPending(): void {
    for (const line of this.state.lines) {
      if (line.own?.stage === "sending") this.#tell(line.own.ref, line.text);
    }
  }
}
