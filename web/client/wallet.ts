/** What a signed-in buyer keeps for the next time, and paying with it by one tap. */
import { call } from "./call.ts";
import type { Bodies, Checkout } from "./shapes.ts";

export type SavedAddress = Bodies["SavedAddressBody"];
export type SavedMethod = Bodies["SavedMethodBody"];
export type Wallet = Bodies["WalletBody"];
/** What one tap would come to, sent where and paid how. */
export type Tap = Bodies["TapBody"];
/** What is tapped for: one piece, one of a drop, or claims. */
export type TapOf = Pick<Bodies["OneTapBody"], "variant_id" | "show_id" | "show_number" | "drop_id" | "claims">;

export const wallet = (signal?: AbortSignal) => call("GET", "/my/wallet", { signal });
export const forgetAddress = (id: string) => call("DELETE", "/my/addresses/{id}", { path: { id } });
export const forgetMethod = (id: string) => call("DELETE", "/my/methods/{id}", { path: { id } });

/** Null where there is nothing to tap: the ordinary checkout goes on from there. */
export async function tapFor(of: TapOf, currency: string, signal?: AbortSignal): Promise<Tap | null> {
  const { claims, ...piece } = of;
  const query = { ...piece, currency, ...(claims ? { claims: claims.join() } : {}) };
  return (await call("GET", "/one-tap", { query, signal })).tap ?? null;
}

/** Buys and pays in one request. The same key and body is the same order, however often it is asked. */
export const oneTap = (of: TapOf, tap: Tap, language: string, idempotencyKey: string) =>
  call("POST", "/one-tap", {
    body: {
      ...of,
      currency: tap.total.currency,
      address_id: tap.address.id,
      method_id: tap.method.id,
      shipping_id: tap.shipping_id,
      expected_total: tap.total,
      language,
    },
    idempotencyKey,
  }) as Promise<unknown> as Promise<Checkout>;
