import { SvelteSet } from "svelte/reactivity";
import type { Request, RequestStep, Wish } from "../../client/room/wire.ts";
import { requestWords } from "../../ui/request.ts";
import { toasts } from "../../ui/toasts.svelte.ts";
import { t } from "./ask-texts.ts";
import type { Room } from "./room.svelte.ts";

/** Two wishes with the same key are one request to the server, but for how words are written. */
const keyOf = ({ what = "show", number, with: other = number }: Wish, text = "") =>
  [what, Math.min(number, other), Math.max(number, other), text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "") || text.trim()].join();

/** What one viewer asks the host for, and what became of it. Loaded once there is something to ask or to tell. */
export class Asks {
  static #rooms = new WeakMap<Room, Asks>();
  static of(room: Room): Asks {
    const known = Asks.#rooms.get(room) ?? new Asks(room);
    Asks.#rooms.set(room, known);
    return known;
  }

  #room: Room;
  /** Asked on this page. */
  #sent = new SvelteSet<string>();
  #steps: Record<string, RequestStep> = {};

  private constructor(room: Room) {
    this.#room = room;
    for (const { id, step } of room.state.requests) this.#steps[id] = step;
  }

  /** Whether this viewer has a voice in it. */
  mine(request: Request): boolean {
    return (this.#room.state.you?.asked?.includes(request.id) ?? false) || this.#sent.has(keyOf(request, request.wording?.text));
  }
  /** The open request that this wish would join. */
  standing(wish: Wish): Request | undefined {
    return this.#room.state.requests.find((one) => one.step !== "shown" && one.step !== "declined" && keyOf(one) === keyOf(wish));
  }
  /** Whether it is asked already, by this viewer. */
  has(wish: Wish): boolean {
    const standing = this.standing(wish);
    return standing ? this.mine(standing) : this.#sent.has(keyOf(wish));
  }

  /** Asks; whatever was asked already counts as asked. Comes to whether it is asked now. */
  async ask(wish: Wish, text?: string): Promise<boolean> {
    const key = keyOf(wish, text);
    this.#sent.add(key);
    const { what = "show", number, with: other } = wish;
    const refused = await this.#room.command({ t: "ask", what, number, with: other, text });
    const asked = refused === "" || refused === "already_asked";
    if (!asked) this.#sent.delete(key);
    return asked;
  }

  /** Adds a voice to a request of others. */
  join(request: Request): Promise<boolean> {
    return this.ask({ what: request.what, number: request.number, with: request.with }, request.wording?.text);
  }

  /** Tells who asked what became of it. */
  follow(requests: readonly Request[]): void {
    for (const request of requests) {
      const before = this.#steps[request.id] ?? "asked";
      this.#steps[request.id] = request.step;
      if (before === request.step || !this.mine(request)) continue;
      const words = requestWords(request);
      if (request.step === "accepted") toasts.say(t().accepted(words), "good");
      if (request.step === "shown") toasts.say(t().showing(words), "good");
      if (request.step === "declined") toasts.say(t().declined(words, request.word ?? ""));
      // It may be asked for anew.
      if (request.step === "shown" || request.step === "declined") this.#sent.delete(keyOf(request, request.wording?.text));
    }
  }
}
