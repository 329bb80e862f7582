/** The room as a viewer sees it: a pure fold over frames, own acts and the playhead. */
import type { Free, ShowState } from "../shapes.ts";
import { type ChatMessage, type Drop, type Frame, type FromServer, type HeldLine, refHash, type Poll, type Reply, type Request, type Said, type Trivia } from "./wire.ts";
import type { RoomEvent, Snapshot, You } from "./wire.ts";

/** Chat lines kept in memory; older ones fall off. */
export const CHAT_BOUND = 200;
/** Questions kept for staff; the server keeps as many. */
export const QUESTION_BOUND = 50;
/** An event is never held back for a playhead longer than this, ms. */
export const HOLD_BOUND_MS = 30_000;
/** Nor is the end longer than this: no picture comes after it, and a playhead may stop just short of it. */
export const END_BOUND_MS = 10_000;

export interface Line extends ChatMessage {
  /** Offset in the log; null while the server has not taken it. */
  o: number | null;
  /** Own line only: how far it got. */
  own?: { ref: string; stage: "sending" | "waiting" | "taken" | "refused"; why?: string; answers?: string };
  /** A reply of the shop's: what it replies to. Without text it was said on camera. */
  re?: string;
  /** It is told to this viewer alone. */
  aside?: boolean;
}
export interface RoomState {
  epoch: string | null;
  /** Every event up to here has been folded. */
  offset: number;
  /** An uncovered offset was seen: ask again from `offset`. */
  gap: boolean;
  you: You | null;
  show: ShowState | null;
  programmeId: string | null;
  lines: Line[];
  pinned: number | null;
  /** Pins and the end, held until this viewer's playhead reaches their programme time. */
  held: { event: RoomEvent; since_ms: number }[];
  /** Goes up when the tray has to be asked for again. */
  trayTurn: number;
  stock: Record<number, { free: Free; low_count: number | null }>;
  stopped: Record<number, boolean>;
  /** Sold in the last minute by show number, from the till. */
  selling: Record<number, { this_minute: number; at_ms: number }>;
  requests: Request[];
  /** Those that are not over, in the order in which they were first told. */
  drops: Drop[];
  /** Questions, in the order in which they were first told; one that ends while this viewer is here stays, as over. */
  trivia: Trivia[];
  announcement: string | null;
  poll: Poll | null;
  /** The line of the chat that stays in sight. */
  comment: (Said & { id: string }) | null;
  /** Lines that wait for a reply, oldest first. */
  questions: Line[];
  viewers: number;
  hearts: number;
  /** Hearts of others in the last frame: what floats up now. */
  burst: { count: number; turn: number };
  /** Chat lines that the server sampled away so far. */
  leftOut: number;
}

export type Input =
  | { kind: "server"; frame: FromServer; now_ms: number }
  | { kind: "said"; ref: string; text: string; name: string }
  | { kind: "unsent"; ref: string; why: string }
  | { kind: "playhead"; programme_ms: number | null; now_ms: number };

export function emptyRoom(): RoomState {
  return {
    epoch: null,
    offset: 0,
    gap: false,
    you: null,
    show: null,
    programmeId: null,
    lines: [],
    pinned: null,
    held: [],
    trayTurn: 0,
    stock: {},
    stopped: {},
    selling: {},
    requests: [],
    drops: [],
    trivia: [],
    announcement: null,
    poll: null,
    comment: null,
    questions: [],
    viewers: 0,
    hearts: 0,
    burst: { count: 0, turn: 0 },
    leftOut: 0,
  };
}

export function reduce(room: RoomState, input: Input): RoomState {
  switch (input.kind) {
    case "server":
      return fromServer(room, input.frame, input.now_ms);
    case "said":
      return addLine(room, {
        id: input.ref,
        viewer_id: room.you?.viewer_id ?? "",
        name: input.name,
        text: input.text,
        o: null,
        own: { ref: input.ref, stage: "sending", answers: asking(room)?.id },
      });
    case "unsent":
      return stage(room, input.ref, "refused", input.why);
    case "playhead":
      return release(room, input.programme_ms, input.now_ms);
  }
}

function fromServer(room: RoomState, frame: FromServer, now_ms: number): RoomState {
  switch (frame.t) {
    case "hello": {
      const joined = { ...room, epoch: frame.epoch, you: frame.you, gap: false };
      const now = frame.snapshot ? fromSnapshot(joined, frame.snapshot) : joined;
      return (frame.you.held ?? []).reduce(waiting, (frame.you.replies ?? []).reduce(replied, now));
    }
    case "frame":
      return fold(room, frame, now_ms);
    case "ack":
      return acknowledged(room, frame.ref, frame.offset, frame.held);
    case "refused":
      return stage(room, frame.ref, "refused", frame.detail);
    case "reply":
      return replied(room, frame);
    default:
      return room;
  }
}

/** A snapshot replaces all but own lines that the server has not answered. */
function fromSnapshot(room: RoomState, snapshot: Snapshot): RoomState {
  const pending = room.lines.filter((line) => line.own?.stage === "sending");
  return {
    ...room,
    offset: snapshot.offset,
    show: snapshot.state,
    programmeId: snapshot.programme_id,
    pinned: snapshot.pinned?.number ?? null,
    held: [],
    lines: [...snapshot.messages.map((message): Line => ({ ...message })), ...pending],
    trayTurn: room.trayTurn + 1,
    stock: {},
    stopped: {},
    selling: {},
    requests: snapshot.requests,
    drops: snapshot.drops ?? [],
    trivia: snapshot.trivia ?? [],
    announcement: snapshot.announcement,
    poll: snapshot.poll ?? null,
    comment: snapshot.comment ?? null,
    questions: snapshot.questions ?? [],
    viewers: snapshot.viewers,
    hearts: snapshot.hearts,
  };
}

function fold(room: RoomState, frame: Frame, now_ms: number): RoomState {
  let next = withEffects(room, frame.fx);
  const covers = frame.to >= frame.from && frame.to > 0;
  if (!covers || frame.to <= next.offset) return next;
  if (frame.from > next.offset + 1) return { ...next, gap: true };
  const done = next.offset;
  for (const event of frame.events) {
    if (event.o > done) next = hold(next, event, now_ms);
  }
  return { ...next, offset: frame.to, leftOut: next.leftOut + frame.left_out };
}

function withEffects(room: RoomState, fx: Frame["fx"]): RoomState {
  if (!fx) return room;
  const hearts = fx.hearts ?? 0;
  return {
    ...room,
    viewers: fx.viewers ?? room.viewers,
    hearts: room.hearts + hearts,
    burst: hearts > 0 ? { count: hearts, turn: room.burst.turn + 1 } : room.burst,
  };
}

const waits = (event: RoomEvent) =>
  event.k === "pinned" || event.k === "unpinned" || (event.k === "show_state" && event.state === "ended");

/** Events tied to the picture wait for it; order among them is kept. */
function hold(room: RoomState, event: RoomEvent, now_ms: number): RoomState {
  if (!waits(event)) return apply(room, event, now_ms);
  return { ...room, held: [...room.held, { event, since_ms: now_ms }] };
}

/** Lets go of what the playhead reached. Without a playhead (no video) everything shows at once. */
function release(room: RoomState, programme_ms: number | null, now_ms: number): RoomState {
  let next = room;
  while (next.held.length > 0) {
    const [first, ...rest] = next.held;
    const reached = programme_ms === null || first!.event.programme_ms <= programme_ms;
    const bound = first!.event.k === "show_state" ? END_BOUND_MS : HOLD_BOUND_MS;
    if (!reached && now_ms - first!.since_ms < bound) break;
    next = apply({ ...next, held: rest }, first!.event, now_ms);
  }
  return next;
}

function apply(room: RoomState, event: RoomEvent, now_ms: number): RoomState {
  switch (event.k) {
    case "message":
      return event.removed ? room : takeMessage(event.question ? asks(room, event) : room, event);
    case "removed":
      return {
        ...room,
        lines: room.lines.filter((line) => line.id !== event.message_id),
        requests: room.requests.filter((one) => one.wording?.id !== event.message_id),
        questions: room.questions.filter((line) => line.id !== event.message_id),
        comment: room.comment?.id === event.message_id ? null : room.comment,
      };
    case "muted":
      if (event.viewer_id !== room.you?.viewer_id) return room;
      return { ...room, you: { ...room.you, muted_until_ms: event.until_ms } };
    case "pinned":
      return { ...room, pinned: event.number };
    case "unpinned":
      return { ...room, pinned: null };
    case "listed":
    case "tray_changed":
    case "price_changed":
      return { ...room, trayTurn: room.trayTurn + 1 };
    case "sale_stopped":
      return { ...room, stopped: { ...room.stopped, [event.number]: true } };
    case "sale_resumed":
      return { ...room, stopped: { ...room.stopped, [event.number]: false }, trayTurn: room.trayTurn + 1 };
    case "stock": {
      const before = room.stock[event.number]?.free;
      const known = { free: event.free, low_count: event.low_count ?? null };
      // Variants are asked for again only when the piece goes or comes back, not at every sale.
      const turned = before !== event.free && (before === "out" || event.free === "out");
      const trayTurn = room.trayTurn + (turned ? 1 : 0);
      return { ...room, stock: { ...room.stock, [event.number]: known }, trayTurn };
    }
    case "sold": {
      const selling = { this_minute: event.this_minute, at_ms: now_ms };
      return { ...room, selling: { ...room.selling, [event.number]: selling } };
    }
    case "drop":
      return { ...room, drops: withDrop(room.drops, event) };
    case "trivia": {
      const known = room.trivia.some((one) => one.id === event.id);
      if (!known && event.phase === "ended") return room;
      return { ...room, trivia: [...room.trivia.filter((one) => one.id !== event.id), event] };
    }
    case "request": {
      const { k: _k, o: _o, programme_ms: _at, by: _by, ...told } = event;
      const known = room.requests.some((one) => one.id === event.id);
      if (!known) return { ...room, requests: [...room.requests, { ...told, step: "asked" }] };
      return { ...room, requests: room.requests.map((one) => (one.id === event.id ? { ...one, ...told } : one)) };
    }
    case "request_stepped": {
      const { id, step, word, programme_ms } = event;
      const requests = room.requests.map((one) => (one.id === id ? { ...one, step, word, programme_ms } : one));
      return { ...room, requests };
    }
    case "show_state":
      return { ...room, show: event.state, programmeId: event.programme_id ?? room.programmeId };
    case "announcement":
      return { ...room, announcement: event.text || null };
    case "question_marked": {
      const line = room.lines.find((one) => one.id === event.message_id);
      return line ? asks(room, line) : room;
    }
    case "reply":
      return replied({ ...room, questions: room.questions.filter((one) => one.id !== event.message_id) }, event);
    case "comment_pinned":
      return { ...room, comment: event.said ? { id: event.message_id, ...event.said } : null };
    case "comment_unpinned":
      return { ...room, comment: null };
    case "poll": {
      const you = room.you && { ...room.you, voted: event.id === room.poll?.id ? room.you.voted : undefined };
      return { ...room, you, poll: event };
    }
    case "poll_cleared":
      return { ...room, poll: null };
    case "vote":
      if (room.poll?.id !== event.poll_id || !event.counts) return room;
      return { ...room, poll: { ...room.poll, counts: event.counts } };
    case "viewers":
      return { ...room, viewers: event.now };
    default:
      return room;
  }
}

const asks = (room: RoomState, line: Line): RoomState => {
  const others = room.questions.filter((one) => one.id !== line.id);
  return { ...room, questions: [...others, line].slice(-QUESTION_BOUND) };
};

/** A reply stands in the chat, once; what is told to another alone, or waved off, does not. */
function replied(room: RoomState, { id, o, how, question, text, private: aside }: Reply & { o: number }): RoomState {
  if (how === "dismissed" || (aside && !text) || room.lines.some((line) => line.id === id)) return room;
  return addLine(room, { id, o, viewer_id: "", name: "", text, staff_role: "staff", re: question, aside });
}

/** The question that is asked now: what viewers say is an answer to it. */
export const asking = (room: RoomState): Trivia | undefined => room.trivia.find((one) => one.phase === "open");
/** Whether this viewer has answered it, as far as this page knows. */
export const answered = (room: RoomState, id: string): boolean =>
  room.lines.some(({ own }) => own?.answers === id && own.stage !== "refused");

/** The newest word on a drop takes the place of the last one; one that is over goes. */
function withDrop(drops: Drop[], drop: Drop): Drop[] {
  const known = drops.some((one) => one.id === drop.id);
  if (drop.phase === "ended") return known ? drops.filter((one) => one.id !== drop.id) : drops;
  return known ? drops.map((one) => (one.id === drop.id ? drop : one)) : [...drops, drop];
}

/** Another's line is added; the own one takes the place of its mark. */
function takeMessage(room: RoomState, event: ChatMessage & { o: number }): RoomState {
  const line: Line = {
    id: event.id,
    viewer_id: event.viewer_id,
    name: event.name,
    text: event.text,
    staff_role: event.staff_role,
    o: event.o,
  };
  if (event.viewer_id !== room.you?.viewer_id) return addLine(room, line);
  const { o, held, ref_hash } = event;
  const mine = room.lines.find(
    ({ id, o: at, own }) => own && (at === o || id === held || refHash(own.ref) === ref_hash),
  );
  if (!mine) return addLine(room, line);
  const settled: Line = { ...line, own: { ref: mine.own!.ref, stage: "taken" } };
  return { ...room, lines: room.lines.map((one) => (one === mine ? settled : one)) };
}

function acknowledged(room: RoomState, ref: string, offset: number | null, held?: string): RoomState {
  return {
    ...room,
    lines: room.lines.map((line) =>
      line.own?.ref === ref
        ? { ...line, id: held ?? line.id, o: line.o ?? offset, own: { ...line.own, stage: held ? "waiting" : "taken" } }
        : line,
    ),
  };
}

function stage(room: RoomState, ref: string, to: "refused", why: string): RoomState {
  return {
    ...room,
    lines: room.lines.map((line) => (line.own?.ref === ref ? { ...line, own: { ...line.own, stage: to, why } } : line)),
  };
}

/** An own line that the shop reads first; it is known once. */
function waiting(room: RoomState, { o, line }: { o: number; line?: HeldLine }): RoomState {
  if (!line || room.lines.some((one) => one.id === line.id)) return room;
  return addLine(room, { ...line, o, own: { ref: line.id, stage: "waiting" } });
}

/** What is on its way stays behind what has arrived: there it will stand in the log. */
function addLine(room: RoomState, line: Line): RoomState {
  const sending = (one: Line) => one.own?.stage === "sending";
  const lines = [...room.lines, line];
  return { ...room, lines: [...lines.filter((one) => !sending(one)), ...lines.filter(sending)].slice(-CHAT_BOUND) };
}
