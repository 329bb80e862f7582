/** The room's frames as they travel. Offsets are gapless numbers; `_ms` are Unix milliseconds. */
import type { Free, Money, ShowState } from "../shapes.ts";

export interface ChatMessage {
  id: string;
  viewer_id: string;
  name: string;
  text: string;
  staff_role?: string | null;
  /** {@link refHash} of the sender's ref. */
  ref_hash?: string | null;
  /** It reads like a question to the shop. */
  question?: boolean;
  /** It waited to be read under this id, and was let through. */
  held?: string;
  /** Its words were taken away after it was said. */
  removed?: boolean;
}
/** A line that waits to be read by the shop. */
export interface HeldLine {
  id: string;
  viewer_id: string;
  name: string;
  text: string;
  why: "word" | "link" | "first" | "review";
  ref_hash?: string;
}
/** What holds for everybody's chat; absent: not in force. */
export interface ChatRules {
  slow_s?: number;
  who?: "everybody" | "buyers";
  review?: "listed" | "first" | "all";
  links?: "refuse" | "hold";
}
/** What the shop decided about this viewer, and why. */
export interface Moderated {
  act:
    | "removed"
    | "held_refused"
    | "muted"
    | "unmuted"
    | "blocked"
    | "unblocked"
    | "report_upheld"
    | "report_dismissed"
    | "appeal_granted"
    | "appeal_rejected";
  o?: number;
  message_id?: string;
  until_ms?: number;
  reason: string;
}
/** What the shop replied to a line of the chat. */
export interface Reply {
  id: string;
  /** The line that asked. */
  message_id: string;
  viewer_id: string;
  number?: number;
  how: "text" | "on_air" | "dismissed";
  /** For who asked alone; others are told neither question nor text. */
  private?: boolean;
  question: string;
  text: string;
}
export interface Poll {
  id: string;
  question: string;
  choices: string[];
  phase: "open" | "closed";
  /** Votes by choice. */
  counts: number[];
  closes_at_ms?: number;
}
export type RequestStep = "asked" | "accepted" | "shown" | "declined";
/** What the host is asked to do with a piece. */
export type Wanted = "show" | "try_on" | "turn" | "lining" | "compare" | "other";
export interface Wish {
  /** Absent: show. */
  what?: Wanted;
  number: number;
  /** The other number of two that are compared. */
  with?: number;
}
export interface Request extends Wish {
  id: string;
  voices: number;
  step: RequestStep;
  /** When it was shown. */
  programme_ms?: number | null;
  /** Own words of who asked first; `id` is what removes them. */
  wording?: { id: string; text: string };
  /** What the shop said to it. */
  word?: string;
}
/** Where a drop stood when it was told: from armed to open and on to closed a page goes by itself, at its times. */
export type DropPhase = "armed" | "open" | "closed" | "gone" | "ended";
/** A limited quantity of a number's variant, for a time. */
export interface Drop {
  id: string;
  number: number;
  variant_id: string;
  phase: DropPhase;
  quantity: number;
  left: number;
  waiting: number;
  /** Pieces that one buyer may claim. */
  limit: number;
  /** Its price for one piece by currency; none: the list price. */
  unit?: Money[];
  /** Where it is sent to, ISO codes; none: everywhere. */
  countries?: string[];
  opens_at_ms?: number;
  closes_at_ms?: number;
}
/** A question for everybody: its first right answer, in the order of the server, wins a piece. */
export interface Trivia {
  id: string;
  number: number;
  variant_id: string;
  /** `open`: what viewers say is an answer, and hidden. */
  phase: "armed" | "open" | "decided" | "ended";
  /** What the winner saves, in hundredths of a percent. */
  basis_points: number;
  countries?: string[];
  opens_at_ms?: number;
  closes_at_ms?: number;
  question?: string;
  /** People who have answered. */
  answers: number;
  answer?: string;
  winner?: { id: string; name: string };
  spread?: { answer: string; count: number; right: boolean }[];
}
/** Who said what. */
export interface Said {
  name: string;
  text: string;
  staff_role?: string | null;
}
/** What a buyer alone is told of a claim of theirs. */
export interface ClaimNews {
  news: "won" | "offered" | "expiring" | "expired" | "released" | "extended" | "nudged" | "set_aside" | "paid";
  claim_id: string;
  drop_id?: string | null;
  number?: number | null;
  until_ms?: number | null;
}
/** Staff are told who did what (`by`); viewers are not. */
export type RoomEvent = { o: number; programme_ms: number; by?: { id: string; name: string } } & (
  | ({ k: "message" } & ChatMessage)
  | { k: "removed"; message_id: string }
  | { k: "muted"; viewer_id: string; until_ms: number | null }
  | { k: "blocked"; viewer_id: string; blocked: boolean; house?: boolean }
  | ({ k: "rules" } & ChatRules)
  | { k: "held"; line?: HeldLine }
  | { k: "held_refused"; message_id: string }
  | { k: "pinned"; number: number }
  | { k: "unpinned" }
  | { k: "listed"; number: number }
  | { k: "tray_changed" }
  | { k: "sale_stopped"; number: number }
  | { k: "sale_resumed"; number: number }
  | { k: "price_changed"; number: number }
  | { k: "stock"; number: number; free: Free; low_count?: number | null }
  | { k: "sold"; number: number; quantity: number; this_minute: number }
  | ({ k: "drop" } & Drop)
  | ({ k: "trivia" } & Trivia)
  | { k: "answer"; trivia_id: string }
  | { k: "question_marked"; message_id: string }
  | ({ k: "reply" } & Reply)
  | { k: "comment_pinned"; message_id: string; said?: Said }
  | { k: "comment_unpinned" }
  | ({ k: "poll" } & Poll)
  | { k: "poll_cleared" }
  | { k: "vote"; poll_id: string; counts?: number[] }
  | ({ k: "request" } & Omit<Request, "step" | "programme_ms" | "word">)
  | { k: "request_stepped"; id: string; step: RequestStep; word?: string }
  | { k: "show_state"; state: ShowState; programme_id?: string | null }
  | { k: "announcement"; text: string }
  | { k: "hearts"; count: number }
  | { k: "viewers"; now: number; peak: number }
);

export interface Snapshot {
  offset: number;
  state: ShowState;
  programme_id: string | null;
  pinned: { number: number; programme_ms: number } | null;
  tray_version: number;
  messages: (ChatMessage & { o: number; programme_ms: number })[];
  requests: Request[];
  /** Those that are not over. */
  drops?: Drop[];
  /** Questions that are not over. */
  trivia?: Trivia[];
  viewers: number;
  hearts: number;
  announcement: string | null;
  poll?: Poll;
  /** The line of the chat that stays in sight. */
  comment?: ChatMessage;
  /** For staff: what waits for a reply, oldest first. */
  questions?: (ChatMessage & { o: number })[];
  /** For staff: what waits to be read, oldest first. */
  held?: { o: number; line?: HeldLine }[];
  rules?: ChatRules;
}
export interface You {
  viewer_id: string;
  name: string | null;
  staff: boolean;
  muted_until_ms: number | null;
  /** They may not write any more. */
  blocked?: boolean;
  /** Their lines that wait to be read. */
  held?: { o: number; line?: HeldLine }[];
  /** Ids of the requests that they have a voice in. */
  asked?: string[];
  /** What was replied to them alone. */
  replies?: (Reply & { o: number })[];
  /** Their vote in the poll that is open, from 0. */
  voted?: number;
}
export interface Frame {
  t: "frame";
  from: number;
  to: number;
  left_out: number;
  events: RoomEvent[];
  fx?: { hearts?: number; viewers?: number };
}
export type FromServer =
  | { t: "hello"; epoch: string; server_ms: number; you: You; resumed: boolean; snapshot?: Snapshot | null }
  | Frame
  | { t: "ack"; ref: string; offset: number | null; held?: string }
  | { t: "refused"; ref: string; code: string; detail: string }
  | ({ t: "claim" } & ClaimNews)
  | ({ t: "reply"; o: number } & Reply)
  | ({ t: "moderated" } & Moderated)
  | { t: "pong"; client_ms: number; server_ms: number };

export type ToServer =
  | { t: "join"; epoch?: string; offset?: number; ticket?: string }
  | { t: "say"; ref: string; text: string; country?: string; currency?: string }
  | { t: "heart"; count: number }
  | ({ t: "ask"; ref: string; text?: string } & Wish)
  | { t: "vote"; ref: string; poll_id: string; choice: number }
  | { t: "ping"; client_ms: number }
  | StaffToServer;

/** What only staff of the show may send. */
export type StaffToServer =
  | { t: "pin"; ref: string; number: number; programme_ms?: number }
  | { t: "unpin"; ref: string }
  | { t: "remove"; ref: string; message_id: string; reason: string }
  | { t: "mute"; ref: string; viewer_id: string; minutes: number; reason: string }
  | { t: "unmute"; ref: string; viewer_id: string; reason?: string }
  | { t: "block" | "unblock"; ref: string; viewer_id: string; house?: boolean; reason: string }
  | ({ t: "set_rules"; ref: string } & ChatRules)
  | { t: "review"; ref: string; message_id: string; allow: boolean; reason?: string }
  | { t: "request_step"; ref: string; request_id: string; step: "accepted" | "shown" | "declined"; word?: string }
  | { t: "announce"; ref: string; text: string }
  | { t: "mark_question"; ref: string; message_id: string }
  | { t: "reply"; ref: string; message_id: string; how: Reply["how"]; text?: string; private?: boolean; number?: number }
  | { t: "pin_comment"; ref: string; message_id: string }
  | { t: "unpin_comment"; ref: string }
  | { t: "open_poll"; ref: string; question: string; choices: string[]; minutes?: number }
  | { t: "close_poll"; ref: string }
  | { t: "clear_poll"; ref: string };

/** FNV-1a (32 bit, hex) of a ref: how a sender recognises its own message in the log. */
export function refHash(ref: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(ref)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
