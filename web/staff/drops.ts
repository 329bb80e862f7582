/** What staff ask of drops and of the tabs of a show. */
import { call, newIdempotencyKey } from "../client/call.ts";
import type { Claim } from "../client/drops.ts";
import type { Bodies, With } from "../client/shapes.ts";

export type DropRow = With<
  Bodies["DropBody"],
  {
    phase: "planned" | "armed" | "open" | "closed" | "ended";
    ended_because?: "gone" | "closed" | "stopped" | null;
  }
>;
export type DropDraft = Bodies["DropDraftBody"];
export type BuyerTab = With<Bodies["BuyerTabBody"], { claims: Claim[] }>;

const at = (id: string) => ({ path: { id } });
const key = () => ({ idempotencyKey: newIdempotencyKey() });

export const drops = {
  list: (show: string, signal?: AbortSignal) =>
    call("GET", "/studio/shows/{id}/drops", { ...at(show), signal }).then((page) => page.items as DropRow[]),
  add: (show: string, body: DropDraft) => call("POST", "/studio/shows/{id}/drops", { ...at(show), body, ...key() }),
  put: (id: string, body: DropDraft) => call("PUT", "/studio/drops/{id}", { ...at(id), body }),
  remove: (id: string) => call("DELETE", "/studio/drops/{id}", at(id)),
  /** With a time it opens by itself; without one it waits to be fired, and a countdown that runs is called off. */
  arm: (id: string, opens_at?: string) => call("POST", "/studio/drops/{id}/arm", { ...at(id), body: { opens_at } }),
  fire: (id: string, lead_ms: number) => call("POST", "/studio/drops/{id}/fire", { ...at(id), body: { lead_ms } }),
  end: (id: string) => call("POST", "/studio/drops/{id}/end", at(id)),
};

export const tabs = {
  list: (show: string, signal?: AbortSignal) =>
    call("GET", "/studio/shows/{id}/tabs", { ...at(show), signal }).then((page) => page.items as BuyerTab[]),
  setAside: (show: string, body: Bodies["AsideBody"]) =>
    call("POST", "/studio/shows/{id}/claims", { ...at(show), body, ...key() }),
  extend: (id: string, until: string) => call("POST", "/studio/claims/{id}/extend", { ...at(id), body: { until } }),
  nudge: (id: string) => call("POST", "/studio/claims/{id}/nudge", at(id)),
  letGo: (id: string) => call("DELETE", "/studio/claims/{id}", at(id)),
  unbar: (viewer_id: string) => call("POST", "/studio/buyers/{viewer_id}/unbar", { path: { viewer_id } }),
};
