import { describe, expect, it } from "vitest";
import { answered, asking, emptyRoom, END_BOUND_MS, HOLD_BOUND_MS, type Input, reduce, type RoomState } from "./state.ts";
import { type DropPhase, type Frame, type FromServer, refHash, type RoomEvent, type Snapshot } from "./wire.ts";

const snapshot: Snapshot = {
  offset: 10,
  state: "live",
  programme_id: "P",
  pinned: null,
  tray_version: 1,
  messages: [],
  requests: [],
  viewers: 3,
  hearts: 0,
  announcement: null,
};
const you = { viewer_id: "me", name: "Ada", staff: false, muted_until_ms: null };
const hello: FromServer = { t: "hello", epoch: "e", server_ms: 0, you, resumed: false, snapshot };
const frame = (from: number, to: number, ...events: RoomEvent[]): Frame => ({ t: "frame", from, to, left_out: 0, events });
it("keeps a poll, the pinned line and replies", () => {
  const reply = { id: "r", message_id: "m", viewer_id: "me", how: "text" as const, question: "Is it silk?", text: "All of it." };
  let room = reduce(emptyRoom(), { kind: "server", frame: hello, now_ms: 0 });
  const tell = (o: number, event: Record<string, unknown>) => {
    room = reduce(room, { kind: "server", frame: frame(o, o, { o, programme_ms: 0, ...event } as RoomEvent), now_ms: 0 });
  };
  tell(11, { k: "message", id: "m", viewer_id: "me", name: "Ada", text: "Is it silk?", question: true });
  tell(12, { k: "poll", id: "p", question: "Which?", choices: ["a", "b"], phase: "open", counts: [0, 0] });
  tell(13, { k: "vote", poll_id: "p", counts: [3, 1] });
  tell(14, { k: "vote", poll_id: "other", counts: [9, 9] });
  tell(15, { k: "comment_pinned", message_id: "m", said: { name: "Ada", text: "Is it silk?" } });
  expect([room.questions.map((one) => one.id), room.poll?.counts, room.comment?.text]).toEqual([["m"], [3, 1], "Is it silk?"]);
  tell(16, { k: "reply", ...reply });
  room = reduce(room, { kind: "server", frame: { t: "reply", o: 16, ...reply }, now_ms: 0 });
  tell(17, { k: "reply", ...reply, id: "other", private: true, question: "", text: "" });
  expect([room.questions, room.lines.map((one) => one.re)]).toEqual([[], [undefined, "Is it silk?"]]);
  tell(18, { k: "removed", message_id: "m" });
  tell(19, { k: "poll_cleared" });
  expect([room.comment, room.poll]).toEqual([null, null]);
});
const line = (o: number, id: string, text: string, viewer_id = "other"): RoomEvent => ({
  o,
  programme_ms: 0,
  k: "message",
  id,
  viewer_id,
  name: viewer_id,
  text,
});
const pin = (o: number, programme_ms: number, number: number): RoomEvent => ({ o, programme_ms, k: "pinned", number });
const server = (one: FromServer, now_ms = 0): Input => ({ kind: "server", frame: one, now_ms });
const playhead = (programme_ms: number | null, now_ms = 0): Input => ({ kind: "playhead", programme_ms, now_ms });

/** Runs inputs over a room that has just joined at offset 10. */
function after(...inputs: Input[]): RoomState {
  return [server(hello), ...inputs].reduce(reduce, emptyRoom());
}
const texts = (room: RoomState) => room.lines.map((one) => `${one.text}${one.own ? ` (${one.own.stage})` : ""}`);

describe("offsets", () => {
  it("follow the frames that cover them", () => {
    const room = after(server(frame(11, 12, line(11, "a", "one"), line(12, "b", "two"))));
    expect([room.offset, room.gap, texts(room)]).toEqual([12, false, ["one", "two"]]);
  });
  it("jumped over are a gap, and nothing of that frame is folded", () => {
    const room = after(server(frame(13, 13, line(13, "a", "late"))));
    expect([room.offset, room.gap, texts(room)]).toEqual([10, true, []]);
  });
  it("seen twice are folded once", () => {
    const room = after(server(frame(11, 11, line(11, "a", "one"))), server(frame(11, 12, line(11, "a", "one"), line(12, "b", "two"))));
    expect(texts(room)).toEqual(["one", "two"]);
  });
  it("that the server sampled away are covered, not missing", () => {
    const room = after(server({ ...frame(11, 15, line(15, "e", "five")), left_out: 4 }));
    expect([room.offset, room.gap, room.leftOut]).toEqual([15, false, 4]);
  });
  it("do not move for a frame of effects alone", () => {
    const room = after(server({ ...frame(0, 0), fx: { hearts: 7, viewers: 9 } }));
    expect([room.offset, room.gap, room.hearts, room.viewers, room.burst.count]).toEqual([10, false, 7, 9, 7]);
  });
  it("go on after a resume without a snapshot", () => {
    const room = after(
      server(frame(13, 13)),
      server({ t: "hello", epoch: "e", server_ms: 0, you, resumed: true }),
      server(frame(11, 13, line(11, "a", "missed"))),
    );
    expect([room.offset, room.gap, texts(room)]).toEqual([13, false, ["missed"]]);
  });
});

describe("pins", () => {
  it("wait for this viewer's own picture", () => {
    const early = after(server(frame(11, 11, pin(11, 5_000, 4))), playhead(4_900));
    expect(early.pinned).toBe(null);
    expect(reduce(early, playhead(5_000)).pinned).toBe(4);
  });
  it("keep their order while they wait", () => {
    const room = after(server(frame(11, 12, pin(11, 5_000, 4), pin(12, 4_000, 5))), playhead(4_500));
    expect(room.pinned).toBe(null);
    expect(reduce(room, playhead(5_100)).pinned).toBe(5);
  });
  it("show at once where there is no video", () => {
    expect(after(server(frame(11, 11, pin(11, 5_000, 4))), playhead(null)).pinned).toBe(4);
  });
  it("are not held for ever by a stalled picture", () => {
    const room = after(server(frame(11, 11, pin(11, 5_000, 4)), 1_000), playhead(1, 1_000 + HOLD_BOUND_MS));
    expect(room.pinned).toBe(4);
  });
  it("of the snapshot show to a latecomer at once", () => {
    const late: FromServer = { ...hello, snapshot: { ...snapshot, pinned: { number: 7, programme_ms: 9e12 } } };
    expect(reduce(emptyRoom(), server(late)).pinned).toBe(7);
  });
});

describe("own messages", () => {
  const said: Input = { kind: "said", ref: "r1", text: "hi", name: "Ada" };
  it("show at once, marked", () => {
    expect(texts(after(said))).toEqual(["hi (sending)"]);
  });
  it("lose the mark with the acknowledgement, and come once", () => {
    const room = after(said, server({ t: "ack", ref: "r1", offset: 11 }), server(frame(11, 11, line(11, "m", "hi", "me"))));
    expect(texts(room)).toEqual(["hi (taken)"]);
    expect(room.lines[0]!.id).toBe("m");
  });
  it("come once where the log is quicker than the acknowledgement", () => {
    const logged = { ...line(11, "m", "hi", "me"), ref_hash: refHash("r1") };
    const room = after(said, server(frame(11, 11, logged)), server({ t: "ack", ref: "r1", offset: 11 }));
    expect(texts(room)).toEqual(["hi (taken)"]);
  });
  it("are known by the server's hash of their ref", () => {
    expect(["", "a", "foobar"].map(refHash)).toEqual(["811c9dc5", "e40c292c", "bf9cf968"]);
  });
  it("say why they were refused", () => {
    const room = after(said, server({ t: "refused", ref: "r1", code: "muted", detail: "You are muted." }));
    expect(room.lines[0]!.own).toEqual({ ref: "r1", stage: "refused", why: "You are muted." });
  });
  it("on the way stay behind what arrives meanwhile", () => {
    const lost = server({ t: "hello", epoch: "e", server_ms: 0, you, resumed: true });
    const late = server(frame(11, 12, line(11, "a", "one"), line(12, "b", "two")));
    const logged = { ...line(13, "m", "hi", "me"), ref_hash: refHash("r1") };
    const own = server(frame(13, 13, logged));
    expect(texts(after(said, lost, late))).toEqual(["one", "two", "hi (sending)"]);
    expect(texts(after(said, lost, late, own))).toEqual(["one", "two", "hi (taken)"]);
  });
  it("on the way survive a snapshot", () => {
    expect(texts(after(said, server(hello)))).toEqual(["hi (sending)"]);
  });
});

describe("acts of staff", () => {
  const one = server(frame(11, 11, line(11, "a", "rude")));
  it("removal takes the line away", () => {
    expect(texts(after(one, server(frame(12, 12, { o: 12, programme_ms: 0, k: "removed", message_id: "a" }))))).toEqual([]);
  });
  it("muting is mine only when I am named", () => {
    const muted = (viewer_id: string) =>
      after(server(frame(11, 11, { o: 11, programme_ms: 0, k: "muted", viewer_id, until_ms: 99 }))).you?.muted_until_ms;
    expect([muted("me"), muted("other")]).toEqual([99, null]);
  });
  it("a stopped sale stops at once and asks for no picture", () => {
    const room = after(server(frame(11, 11, { o: 11, programme_ms: 9e12, k: "sale_stopped", number: 3 })));
    expect(room.stopped[3]).toBe(true);
  });
  it("a listing on air, a new price and the last unit ask for the tray again", () => {
    const turns = (event: RoomEvent) => after(server(frame(11, 11, event))).trayTurn - after().trayTurn;
    expect(turns({ o: 11, programme_ms: 0, k: "listed", number: 9 })).toBe(1);
    expect(turns({ o: 11, programme_ms: 0, k: "price_changed", number: 9 })).toBe(1);
    expect(turns({ o: 11, programme_ms: 0, k: "stock", number: 9, free: "out" })).toBe(1);
    expect(turns({ o: 11, programme_ms: 0, k: "stock", number: 9, free: "low" })).toBe(0);
  });
  it("the newest word on a drop takes the place of the last, shows at once, and one that is over goes", () => {
    const drop = (o: number, id: string, phase: DropPhase, left: number): RoomEvent =>
      ({ o, programme_ms: 9e12, k: "drop", id, number: 4, variant_id: "v", phase, quantity: 9, left, waiting: 0, limit: 1 });
    const stands = (...events: RoomEvent[]) =>
      after(server(frame(11, 10 + events.length, ...events))).drops.map(({ id, phase, left }) => `${id} ${phase} ${left}`);
    expect(stands(drop(11, "a", "armed", 9), drop(12, "b", "armed", 5), drop(13, "a", "open", 3))).toEqual(["a open 3", "b armed 5"]);
    expect(stands(drop(11, "a", "gone", 0), drop(12, "b", "armed", 5), drop(13, "a", "ended", 0))).toEqual(["b armed 5"]);
    expect(stands(drop(11, "a", "ended", 0)), "a drop that was never seen").toEqual([]);
  });
  it("what is said while a question is asked is an answer, and stays with who said it", () => {
    const trivia = { id: "q", number: 3, variant_id: "v", basis_points: 500, answers: 0 };
    const told = (o: number, phase: "open" | "decided" | "ended", more = {}) => ({ k: "trivia" as const, o, programme_ms: 0, ...trivia, phase, ...more });
    const said: Input = { kind: "said", ref: "r", text: "Gucci", name: "Ann" };
    const asked = after(server(frame(11, 11, told(11, "open"))), said, server({ t: "ack", ref: "r", offset: 12 }));
    expect(asking(asked)?.id).toBe("q");
    expect(answered(asked, "q")).toBe(true);
    expect(asked.lines.at(-1)?.own).toEqual({ ref: "r", stage: "taken", answers: "q" });
    const others = reduce(asked, server(frame(12, 13, { k: "answer", o: 12, programme_ms: 0, trivia_id: "q" }, { k: "answer", o: 13, programme_ms: 0, trivia_id: "q" })));
    expect(others.lines, "nobody else's words").toEqual(asked.lines);
    const ended = reduce(others, server(frame(14, 15, told(14, "decided"), told(15, "ended", { winner: { id: "w", name: "Ann" } }))));
    expect([asking(ended), ended.trivia.map(({ phase, winner }) => `${phase} ${winner?.name}`)]).toEqual([undefined, ["ended Ann"]]);
    expect(after(server(frame(11, 11, told(11, "ended")))).trivia, "over before it was heard of").toEqual([]);
    const refused = after(server(frame(11, 11, told(11, "open"))), said, server({ t: "refused", ref: "r", code: "not_delivered", detail: "no" }));
    expect(answered(refused, "q"), "a refused one is none").toBe(false);
  });

  it("a newcomer gets the drops that are not over", () => {
    const drops = [{ id: "a", number: 4, variant_id: "v", phase: "open" as const, quantity: 9, left: 2, waiting: 0, limit: 1 }];
    const room = reduce(emptyRoom(), server({ ...hello, snapshot: { ...snapshot, drops } }));
    expect(room.drops).toEqual(drops);
    expect(reduce(room, server(hello)).drops, "a later snapshot without them").toEqual([]);
  });
  it("the end waits for the picture to get there", () => {
    const room = after(server(frame(11, 11, { o: 11, programme_ms: 5_000, k: "show_state", state: "ended" })), playhead(4_000));
    expect(room.show).toBe("live");
    expect(reduce(room, playhead(6_000)).show).toBe("ended");
    expect(reduce(room, playhead(4_900, END_BOUND_MS)).show, "a picture that stops short of it").toBe("ended");
  });
});
