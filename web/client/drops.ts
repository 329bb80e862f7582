/** What buyers ask of drops, of their claims and of the tab that the claims of a show make. */
import type { Priced } from "./buyer.ts";
import { call } from "./call.ts";
import type { Drop } from "./room/wire.ts";
import type { Basket, Bodies, With } from "./shapes.ts";

/** A piece set aside for this buyer until a deadline. */
export type Claim = With<Bodies["ClaimBody"], { state: "open" | "in_order" | "paid" | "released" | "expired" }>;
/** One buyer's claims in a show, and their places in line (1 is next). */
export type Tab = With<Bodies["TabBody"], { claims: Claim[] }>;
/** What paying for a set of pieces comes to: a basket's, or a tab's with its one delivery. */
export type Bill = Pick<
  Basket,
  "shipping_id" | "shipping_options" | "subtotal" | "shipping" | "tax" | "total" | "offers" | "refused_codes" | "seller" | "rehearsal"
>;
/** Held, or a place in line. */
export type Claimed = { claim: Claim } | Bodies["WaitingBody"];

/** Claims a piece, or with `wait` takes a place in line where nothing is left. */
export const claim = (drop: string, body: Bodies["WishBody"], idempotencyKey: string) =>
  call("POST", "/drops/{id}/claims", { path: { id: drop }, body, idempotencyKey }) as Promise<unknown> as Promise<Claimed>;
/** The drops of a product that are not over, each with its show. */
export const productDrops = (product: string, signal?: AbortSignal) =>
  call("GET", "/products/{id}/drops", { path: { id: product }, signal }) as Promise<unknown> as Promise<{
    items: { show_id: string; drop: Drop }[];
    server_now: string;
  }>;
export const letGo = (id: string) => call("DELETE", "/claims/{id}", { path: { id } });
export const stopWaiting = (drop: string) => call("DELETE", "/drops/{id}/wait", { path: { id: drop } });
export const tab = (show: string, signal?: AbortSignal) =>
  call("GET", "/shows/{id}/tab", { path: { id: show }, signal }) as Promise<Tab>;

/** What paying these claims of a show comes to; the cheapest delivery where none is named. */
export interface TabQuestion extends Required<Priced> {
  claims: string[];
  shipping_id?: string;
  codes?: string[];
}
export const tabBill = (show: string, body: TabQuestion, signal?: AbortSignal) =>
  call("POST", "/shows/{id}/tab/quote", { path: { id: show }, body, signal }) as Promise<Basket>;
