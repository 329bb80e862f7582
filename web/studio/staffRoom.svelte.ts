import { type LinkState, RoomLink } from "../client/room/link.ts";
import { emptyRoom, reduce, type RoomState } from "../client/room/state.ts";
import type { ChatRules, FromServer, HeldLine, Reply, RoomEvent, StaffToServer } from "../client/room/wire.ts";
import { stillHeld } from "./moderation/held.ts";
import { serverClock } from "../ui/server-clock.svelte.ts";
import { toasts } from "../ui/toasts.svelte.ts";

/** Lines of "what the team did" that are kept. */
const ACTS_BOUND = 60;
const acts = [
  "pinned",
  "unpinned",
  "removed",
  "muted",
  "blocked",
  "rules",
  "held_refused",
  "listed",
  "sale_stopped",
  "sale_resumed",
  "price_changed",
  "request_stepped",
  "announcement",
  "show_state",
];

export interface TeamAct {
  o: number;
  at_ms: number;
  kind: string;
  number: number | null;
  /** It was done at this desk. */
  own: boolean;
  /** Who did it, as far as the room remembers. */
  by: { id: string; name: string } | null;
}

type Refless<Message> = Message extends { ref: string } ? Omit<Message, "ref"> : never;

/** The room as staff work in it: no playhead, so every event shows at once, and acts are kept with their names. */
export class StaffRoom {
  now = $state.raw<RoomState>(emptyRoom());
  link = $state.raw<LinkState>({ at: "joining" });
  acts = $state.raw<TeamAct[]>([]);
  /** Muted viewers and until when, Unix ms. */
  muted = $state.raw<Record<string, number>>({});
  /** Lines that wait to be read, oldest first. */
  held = $state.raw<HeldLine[]>([]);
  rules = $state.raw<ChatRules>({});
  /** Goes up with every event that changes what the show's own answer says. */
  turn = $state(0);
  #wire: RoomLink;
  #offsets: number[] = [];

  constructor(showId: string, stage: "rehearsal" | "live") {
    this.#wire = new RoomLink({
      showId,
      ...(stage === "rehearsal" ? { stage } : {}),
      position: () => ({ epoch: this.now.epoch, offset: this.now.offset }),
      onframe: (frame) => this.#take(frame),
      onstate: (state) => (this.link = state),
      onclock: (asked_ms, server_ms) => serverClock.heard(asked_ms, server_ms),
    });
  }

  start(): () => void {
    this.#wire.start();
    return () => this.#wire.stop();
  }

  pin = (number: number) => this.#send({ t: "pin", number });
  unpin = () => this.#send({ t: "unpin" });
  remove = (message_id: string, reason: string) => this.#send({ t: "remove", message_id, reason });
  mute = (viewer_id: string, minutes: number, reason: string) => this.#send({ t: "mute", viewer_id, minutes, reason });
  unmute = (viewer_id: string, reason: string) => this.#send({ t: "unmute", viewer_id, reason });
  block = (viewer_id: string, reason: string, house = false) => this.#send({ t: "block", viewer_id, reason, house });
  review = (message_id: string, allow: boolean, reason = "") => this.#send({ t: "review", message_id, allow, reason });
  setRules = (rules: ChatRules) => this.#send({ t: "set_rules", ...rules });
  step = (request_id: string, step: "accepted" | "shown" | "declined", word = "") =>
    this.#send({ t: "request_step", request_id, step, word });
  markQuestion = (message_id: string) => this.#send({ t: "mark_question", message_id });
  reply = (message_id: string, reply: Pick<Reply, "how" | "private" | "number"> & { text?: string }) =>
    this.#send({ t: "reply", message_id, ...reply });
  pinComment = (message_id: string) => this.#send({ t: "pin_comment", message_id });
  unpinComment = () => this.#send({ t: "unpin_comment" });
  openPoll = (question: string, choices: string[], minutes?: number) => this.#send({ t: "open_poll", question, choices, minutes });
  closePoll = () => this.#send({ t: "close_poll" });
  clearPoll = () => this.#send({ t: "clear_poll" });
  announce = (text: string) => this.#send({ t: "announce", text });

  say(text: string): boolean {
    const ref = this.#next();
    const name = this.now.you?.name ?? "";
    this.#fold({ kind: "said", ref, text, name });
    const left = this.#wire.send({ t: "say", ref, text });
    if (!left) this.#fold({ kind: "unsent", ref, why: "" });
    return left;
  }

  #send(message: Refless<StaffToServer>): boolean {
    return this.#wire.send({ ...message, ref: this.#next() } as StaffToServer);
  }

  #next(): string {
    return crypto.randomUUID();
  }

  #take(frame: FromServer): void {
    this.#fold({ kind: "server", frame, now_ms: Date.now() });
    // Staff act on what is said now, not on what their own preview shows.
    this.#fold({ kind: "playhead", programme_ms: null, now_ms: Date.now() });
    if (frame.t === "ack" && frame.offset !== null) this.#own(frame.offset);
    if (frame.t === "refused") toasts.say(frame.detail, "bad");
    if (frame.t === "hello") {
      this.turn += 1;
      if (frame.snapshot) {
        this.held = (frame.snapshot.held ?? []).flatMap(({ line }) => line ?? []);
        this.rules = frame.snapshot.rules ?? {};
      }
    }
    if (frame.t === "frame") this.#note(frame.events);
    if (this.now.gap) this.#wire.rejoin();
  }

  /** An answer to a command of this desk: it may come before or after the event itself. */
  #own(offset: number): void {
    this.#offsets.push(offset);
    this.#offsets = this.#offsets.slice(-ACTS_BOUND);
    this.acts = this.acts.map((act) => (act.o === offset ? { ...act, own: true } : act));
  }

  #note(events: RoomEvent[]): void {
    const changes = events.filter((event) => acts.includes(event.k) || event.k === "stock" || event.k === "sold");
    if (changes.length > 0) this.turn += 1;
    this.held = stillHeld(this.held, events);
    const rules = events.findLast((event) => event.k === "rules");
    if (rules) this.rules = rules;
    const mutes = events.filter((event) => event.k === "muted");
    if (mutes.length > 0) {
      this.muted = { ...this.muted, ...Object.fromEntries(mutes.map((one) => [one.viewer_id, one.until_ms ?? 0])) };
    }
    const done = events.filter((event) => acts.includes(event.k)).map((event) => actOf(event, this.#offsets.includes(event.o)));
    if (done.length > 0) this.acts = [...done.reverse(), ...this.acts].slice(0, ACTS_BOUND);
  }

  #fold(input: Parameters<typeof reduce>[1]): void {
    this.now = reduce(this.now, input);
  }
}

function actOf(event: RoomEvent, own: boolean): TeamAct {
  return {
    o: event.o,
    at_ms: event.programme_ms,
    kind: event.k,
    number: "number" in event ? (event.number ?? null) : null,
    own,
    by: event.by ?? null,
  };
}
