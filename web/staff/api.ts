import { call, newIdempotencyKey } from "../client/call.ts";
import { sendPicture } from "./picture.ts";
import type * as of from "./shapes.ts";

/** Every call that the staff's pages make, in the order of the API's own table. */

const keyed = <Body>(body: Body) => ({ body, idempotencyKey: newIdempotencyKey() });

/** A file as the API takes it. */
function asForm(file: File): FormData {
  const body = new FormData();
  body.set("file", file);
  return body;
}

export const people = {
  me: () => call("GET", "/me") as Promise<of.Me>,
  signIn: (email: string, password: string) => call("POST", "/sessions", { body: { email, password } }),
  signOut: () => call("DELETE", "/sessions/current"),
  setUp: (body: { token: string; name: string; email: string; password: string }) => call("POST", "/setup", { body }),
  accept: (body: { token: string; name: string; password: string }) => call("POST", "/invitations/accept", { body }),
  list: () => call("GET", "/people") as Promise<of.Person[]>,
  setMemberships: (id: string, body: of.Membership[]) =>
    call("PUT", "/people/{id}/memberships", { path: { id }, body }),
  invitations: () => call("GET", "/invitations") as Promise<of.Invitation[]>,
  invite: (body: { email: string; role: of.Role; scope: of.Scope }) => call("POST", "/invitations", keyed(body)),
  withdraw: (id: string) => call("DELETE", "/invitations/{id}", { path: { id } }),
  tokens: () => call("GET", "/tokens"),
  createToken: (body: { name: string; scopes: string[] }) => call("POST", "/tokens", keyed(body)),
  deleteToken: (id: string) => call("DELETE", "/tokens/{id}", { path: { id } }),
  messages: (after: string | null) =>
    call("GET", "/sent-messages", { query: { after } }) as Promise<of.Page<of.SentMessage>>,
  audit: (query: { after?: string | null; show?: string; limit?: number }) => call("GET", "/audit", { query }),
};

export const house = {
  get: () => call("GET", "/house"),
  put: (body: of.HouseDraft) => call("PUT", "/house", { body }),
  blockedWords: () => call("GET", "/house/blocked-words"),
  putBlockedWords: (body: of.BlockedWords) => call("PUT", "/house/blocked-words", { body }),
  brands: () => call("GET", "/brands"),
  addBrand: (body: of.BrandDraft) => call("POST", "/brands", keyed(body)),
  putBrand: (id: string, body: of.BrandDraft) => call("PUT", "/brands/{id}", { path: { id }, body }),
  sellers: () => call("GET", "/sellers"),
  addSeller: (body: of.SellerDraft) => call("POST", "/sellers", keyed(body)),
  putSeller: (id: string, body: of.SellerDraft) => call("PUT", "/sellers/{id}", { path: { id }, body }),
  locations: () => call("GET", "/locations"),
  addLocation: (body: of.LocationDraft) => call("POST", "/locations", keyed(body)),
  rates: () => call("GET", "/shipping-rates"),
  putRates: (body: of.ShippingRate[]) => call("PUT", "/shipping-rates", { body }),
};

export const products = {
  list: (query: { query?: string; status?: string; after?: string | null; limit?: number }) =>
    call("GET", "/office/products", { query }) as Promise<of.Page<of.ProductEdit>>,
  get: (id: string) => call("GET", "/office/products/{id}", { path: { id } }) as Promise<of.ProductEdit>,
  create: (body: of.ProductDraftBody) => call("POST", "/products", keyed(body)),
  put: (id: string, body: of.ProductDraftBody) => call("PUT", "/products/{id}", { path: { id }, body }),
  setStatus: (id: string, status: of.ProductStatus) =>
    call("PUT", "/products/{id}/status", { path: { id }, body: { status } }),
  priceHistory: (id: string) => call("GET", "/variants/{id}/prices/history", { path: { id } }),
  upload: (file: File, progress?: (part: number) => void) => sendPicture(file, progress),
  dryRun: (file: File, query: of.ImportQuestion) => {
    return call("POST", "/imports", { body: asForm(file), query });
  },
  applyImport: (id: string) => call("POST", "/imports/{id}/apply", { path: { id } }),
};

export const moderation = {
  queue: (id: string, signal?: AbortSignal) => call("GET", "/studio/shows/{id}/moderation", { path: { id }, signal }),
  settleReport: (id: string, body: { subject: { kind: string; id: string }; granted: boolean; answer: string }) =>
    call("POST", "/studio/shows/{id}/reports/settle", { path: { id }, body }),
  settleAppeal: (id: string, body: { offset: number; granted: boolean; answer: string }) =>
    call("POST", "/studio/shows/{id}/appeals/settle", { path: { id }, body }),
};

export const shows = {
  list: (): Promise<of.StudioShowCard[]> =>
    (call("GET", "/studio/shows", { query: { limit: 100 } }) as Promise<of.Page<of.StudioShowCard>>).then(
      (page) => page.items,
    ),
  create: (body: of.ShowPlan) => call("POST", "/shows", keyed(body)),
  get: (id: string, signal?: AbortSignal) =>
    call("GET", "/studio/shows/{id}", { path: { id }, signal }) as Promise<of.StudioShow>,
  put: (id: string, body: of.ShowPlan) => call("PUT", "/shows/{id}", { path: { id }, body }),
  duplicate: (id: string) => call("POST", "/shows/{id}/duplicate", { path: { id }, idempotencyKey: newIdempotencyKey() }),
  remove: (id: string) => call("DELETE", "/shows/{id}", { path: { id } }),
  putRunSheet: (id: string, body: of.RunSheetLine[]) => call("PUT", "/shows/{id}/run-sheet", { path: { id }, body }),
  addItem: (id: string, product_id: string) =>
    call("POST", "/shows/{id}/items", { path: { id }, ...keyed({ product_id }) }),
  listOnAir: (id: string, body: of.OnAirPiece, idempotencyKey: string) =>
    call("POST", "/shows/{id}/list-on-air", { path: { id }, body, idempotencyKey }),
  /** Moves the show on: what each step allows is the server's to say. */
  step: (id: string, step: "rehearse" | "stop-rehearsal" | "go-live") =>
    call("POST", `/shows/{id}/${step}` as const, { path: { id } }),
  replay: (id: string, signal?: AbortSignal) => call("GET", "/studio/shows/{id}/replay", { path: { id }, signal }),
  putReplay: (id: string, body: of.ReplayEdit) => call("PUT", "/shows/{id}/replay", { path: { id }, body }),
  holdRecording: (id: string, held: boolean) =>
    call("PUT", "/shows/{id}/recording/hold", { path: { id }, body: { held } }),
  end: (id: string) => call("POST", "/shows/{id}/end", { path: { id }, body: { confirm: "end" } }),
  streamKey: (id: string) => call("GET", "/shows/{id}/stream-key", { path: { id } }),
  rotateKey: (id: string) => call("POST", "/shows/{id}/stream-key/rotate", { path: { id } }),
  tray: (id: string) => (call("GET", "/shows/{id}", { path: { id } }) as Promise<of.ShowView>).then((show) => show.tray),
  stopSale: (id: string, number: number) => call("POST", "/shows/{id}/items/{number}/stop-sale", { path: { id, number } }),
  resumeSale: (id: string, number: number) =>
    call("POST", "/shows/{id}/items/{number}/resume-sale", { path: { id, number } }),
  reprice: (id: string, number: number, prices: of.Money[]) =>
    call("POST", "/shows/{id}/items/{number}/reprice", { path: { id, number }, body: { prices } }),
  soldInShop: (id: string, number: number, variant_id: string) =>
    call("POST", "/shows/{id}/items/{number}/sold-in-shop", { path: { id, number }, body: { variant_id } }),
};

export const offers = {
  list: () => call("GET", "/office/offers"),
  create: (body: of.OfferDraft) => call("POST", "/office/offers", keyed(body)),
  put: (id: string, body: of.OfferDraft) => call("PUT", "/office/offers/{id}", { path: { id }, body }),
  stop: (id: string) => call("POST", "/office/offers/{id}/stop", { path: { id } }),
};

export const orders = {
  list: (query: { state?: string; query?: string; after?: string | null }) =>
    call("GET", "/office/orders", { query }) as Promise<of.Page<of.OrderRow>>,
  disputes: () => call("GET", "/office/disputes") as Promise<{ items: of.Dispute[] }>,
  stuckRefunds: () => call("GET", "/office/stuck-refunds"),
  refundAgain: (id: string) => call("POST", "/orders/{id}/refund-again", { path: { id } }),
  mispriced: (query: { variant_id: string; from: string; until: string }) => call("GET", "/office/corrections", { query }),
  correct: (body: of.Correction) => call("POST", "/office/corrections", { body }),
  get: (id: string) => call("GET", "/office/orders/{id}", { path: { id } }) as Promise<of.Order>,
  send: (id: string, body: of.ParcelForm) => call("POST", "/orders/{id}/parcels", { path: { id }, ...keyed(body) }),
  checkParcels: (sheet: File) => call("POST", "/office/parcel-sheets", { body: asForm(sheet) }),
  sendParcels: (sheet: File) => call("POST", "/office/parcel-sheets/send", { body: asForm(sheet) }),
  delivered: (id: string, parcel_id: string) =>
    call("POST", "/orders/{id}/parcels/{parcel_id}/delivered", { path: { id, parcel_id } }),
  previewRefund: (id: string, body: of.RefundPreview) => call("POST", "/orders/{id}/refunds/preview", { path: { id }, body }),
  refundPieces: (id: string, body: of.RefundPieces) => call("POST", "/orders/{id}/refunds", { path: { id }, body }),
  refundAmount: (id: string, body: of.RefundAmount, idempotencyKey: string) =>
    call("POST", "/orders/{id}/refunds/amount", { path: { id }, body, idempotencyKey }),
  takeElsewhere: (id: string, body: of.TakeElsewhere) => call("POST", "/orders/{id}/take-elsewhere", { path: { id }, body }),
  returns: (query: { step?: string; after?: string | null }) =>
    call("GET", "/office/returns", { query }) as Promise<of.Page<of.OfficeReturn>>,
  receiveReturn: (id: string, return_id: string, version: number) =>
    call("POST", "/orders/{id}/returns/{return_id}/receive", { path: { id, return_id }, body: { version } }),
  refuseReturn: (id: string, return_id: string, body: of.RefuseReturn) =>
    call("POST", "/orders/{id}/returns/{return_id}/refuse", { path: { id, return_id }, body }),
  acceptReturn: (id: string, return_id: string, body: of.AcceptReturn) =>
    call("POST", "/orders/{id}/returns/{return_id}/accept", { path: { id, return_id }, body }),
  cancel: (id: string, reason: of.CancelReason, idempotencyKey: string) =>
    call("POST", "/orders/{id}/cancel", { path: { id }, body: { reason }, idempotencyKey }),
};
