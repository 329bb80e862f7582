/** What staff ask of trivia. */
import { call, newIdempotencyKey } from "../client/call.ts";
import type { Bodies, With } from "../client/shapes.ts";

export type TriviaRow = With<Bodies["TriviaBody"], { phase: "planned" | "armed" | "open" | "decided" | "ended" }>;
export type TriviaDraft = Bodies["TriviaDraftBody"];
export type Answer = Bodies["AnswerBody"];

const at = (id: string) => ({ path: { id } });
const key = () => ({ idempotencyKey: newIdempotencyKey() });

export const trivia = {
  list: (show: string, signal?: AbortSignal) =>
    call("GET", "/studio/shows/{id}/trivia", { ...at(show), signal }).then((page) => page.items as TriviaRow[]),
  add: (show: string, body: TriviaDraft) => call("POST", "/studio/shows/{id}/trivia", { ...at(show), body, ...key() }),
  put: (id: string, body: TriviaDraft) => call("PUT", "/studio/trivia/{id}", { ...at(id), body }),
  remove: (id: string) => call("DELETE", "/studio/trivia/{id}", at(id)),
  /** Sets the prize aside; while a countdown runs, calls that off. */
  arm: (id: string) => call("POST", "/studio/trivia/{id}/arm", at(id)),
  fire: (id: string, lead_ms: number) => call("POST", "/studio/trivia/{id}/fire", { ...at(id), body: { lead_ms } }),
  end: (id: string) => call("POST", "/studio/trivia/{id}/end", at(id)),
  /** In the order of receipt, behind a place in the log. */
  answers: (id: string, after = 0, signal?: AbortSignal) =>
    call("GET", "/studio/trivia/{id}/answers", { ...at(id), query: { after }, signal }),
};
