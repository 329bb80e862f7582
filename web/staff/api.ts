import { call, newIdempotencyKey } from "../client/call.ts";
import { sendPicture } from "./picture.ts";
import type * as of from "./contract.ts";
import { cardOf, type RawShow, showOf } from "./show.ts";

/** Every call that the staff's pages make, in the order of the API's own table. */

const keyed = (body?: unknown) => ({ body: body ?? {}, idempotencyKey: newIdempotencyKey() });

export const people = {
  me: () => call<of.Me>("GET", "/me"),
  signIn: (email: string, password: string) => call<void>("POST", "/sessions", { body: { email, password } }),
  signOut: () => call<void>("DELETE", "/sessions/current"),
  setUp: (body: { token: string; name: string; email: string; password: string }) =>
    call<void>("POST", "/setup", { body }),
  accept: (body: { token: string; name: string; password: string }) =>
    call<void>("POST", "/invitations/accept", { body }),
  list: () => call<Listed<of.Person>>("GET", "/people").then(items),
  setMemberships: (id: string, body: of.Membership[]) =>
    call<void>("PUT", "/people/{id}/memberships", { path: { id }, body }),
  invitations: () => call<Listed<of.Invitation>>("GET", "/invitations").then(items),
  invite: (body: { email: string; role: of.Role; scope: of.Scope }) =>
    call<of.Invitation>("POST", "/invitations", keyed(body)),
  withdraw: (id: string) => call<void>("DELETE", "/invitations/{id}", { path: { id } }),
  tokens: () => call<Listed<of.ApiToken>>("GET", "/tokens").then(items),
  createToken: (body: { name: string; scopes: string[] }) => call<{ token: string }>("POST", "/tokens", keyed(body)),
  deleteToken: (id: string) => call<void>("DELETE", "/tokens/{id}", { path: { id } }),
  messages: (after: string | null) => call<of.Page<of.SentMessage>>("GET", "/sent-messages", { query: { after } }),
  audit: (query: { after?: string | null; show?: string; limit?: number }) =>
    call<of.Page<of.AuditEntry>>("GET", "/audit", { query }),
};

export const house = {
  get: () => call<of.House>("GET", "/house"),
  put: (body: Partial<of.House>) => call<of.House>("PUT", "/house", { body }),
  brands: () => call<Listed<of.Brand>>("GET", "/brands").then(items),
  addBrand: (body: { name: string }) => call<of.Brand>("POST", "/brands", keyed(body)),
  putBrand: (id: string, body: { name: string }) => call<of.Brand>("PUT", "/brands/{id}", { path: { id }, body }),
  sellers: () => call<Listed<of.Seller>>("GET", "/sellers").then(items),
  addSeller: (body: Omit<of.Seller, "id">) => call<of.Seller>("POST", "/sellers", keyed(body)),
  putSeller: (id: string, body: Omit<of.Seller, "id">) => call<of.Seller>("PUT", "/sellers/{id}", { path: { id }, body }),
  locations: () => call<Listed<of.Named>>("GET", "/locations").then(items),
  addLocation: (body: { name: string }) => call<of.Named>("POST", "/locations", keyed(body)),
  rates: () => call<Listed<of.ShippingRate>>("GET", "/shipping-rates").then(items),
  putRates: (body: of.ShippingRate[]) => call<unknown>("PUT", "/shipping-rates", { body }),
};

export const products = {
  list: (query: { query?: string; status?: string; after?: string | null; limit?: number }) =>
    call<of.Page<of.ProductRow>>("GET", "/office/products", { query }),
  get: (id: string) => call<of.ProductEdit>("GET", "/office/products/{id}", { path: { id } }),
  create: (body: Omit<of.ProductEdit, "id" | "version">) => call<of.ProductEdit>("POST", "/products", keyed(body)),
  put: (id: string, body: of.ProductEdit) => call<of.ProductEdit>("PUT", "/products/{id}", { path: { id }, body }),
  setStatus: (id: string, status: of.ProductStatus) =>
    call<void>("PUT", "/products/{id}/status", { path: { id }, body: { status } }),
  priceHistory: (variant: string) =>
    call<Listed<{ at: string; prices: of.Money[] }>>("GET", "/variants/{id}/prices/history", {
      path: { id: variant },
    }).then(items),
  upload: (file: File, progress?: (part: number) => void) => sendPicture(file, progress),
  dryRun: (file: File, format: "trunkshow" | "shopify") => {
    const body = new FormData();
    body.set("file", file);
    return call<of.ImportReport>("POST", "/imports", { body, query: { format } });
  },
  applyImport: (id: string) =>
    call<{ products_created: number; products_changed: number }>("POST", "/imports/{id}/apply", { path: { id } }),
};

export const shows = {
  list: async (state?: string): Promise<of.StudioShowCard[]> => {
    const page = await call<of.Page<RawShow>>("GET", "/studio/shows", { query: { state, limit: 100 } });
    return page.items.map(cardOf);
  },
  create: (body: of.ShowPlan) => call<{ id: string }>("POST", "/shows", keyed(body)),
  get: (id: string, signal?: AbortSignal): Promise<of.StudioShow> =>
    call<RawShow>("GET", "/studio/shows/{id}", { path: { id }, signal }).then((raw) => showOf(raw, productOf)),
  put: (id: string, body: of.ShowPlan & { version: number }) =>
    call<unknown>("PUT", "/shows/{id}", { path: { id }, body }),
  duplicate: (id: string) => call<{ id: string }>("POST", "/shows/{id}/duplicate", { path: { id }, ...keyed() }),
  remove: (id: string) => call<void>("DELETE", "/shows/{id}", { path: { id } }),
  putRunSheet: (id: string, body: of.RunSheetLine[]) =>
    call<unknown>("PUT", "/shows/{id}/run-sheet", { path: { id }, body }),
  addItem: (id: string, product_id: string) =>
    call<unknown>("POST", "/shows/{id}/items", { path: { id }, ...keyed({ product_id }) }),
  listOnAir: (id: string, body: of.OnAirPiece, idempotencyKey: string) =>
    call<{ number: number }>("POST", "/shows/{id}/list-on-air", { path: { id }, body, idempotencyKey }),
  /** Moves the show on: what each step allows is the server's to say. */
  step: (id: string, step: "rehearse" | "stop-rehearsal" | "go-live") =>
    call<unknown>("POST", `/shows/{id}/${step}`, { path: { id } }),
  end: (id: string) => call<unknown>("POST", "/shows/{id}/end", { path: { id }, body: { confirm: "end" } }),
  streamKey: (id: string) => call<{ stream_key: string }>("GET", "/shows/{id}/stream-key", { path: { id } }),
  rotateKey: (id: string) => call<{ stream_key: string }>("POST", "/shows/{id}/stream-key/rotate", { path: { id } }),
  tray: (id: string) => call<of.ShowView>("GET", "/shows/{id}", { path: { id } }).then((show) => show.tray),
  stopSale: (id: string, number: number) => item(id, number, "stop-sale"),
  resumeSale: (id: string, number: number) => item(id, number, "resume-sale"),
  reprice: (id: string, number: number, prices: of.Money[]) => item(id, number, "reprice", { prices }),
  soldInShop: (id: string, number: number, variant_id: string) => item(id, number, "sold-in-shop", { variant_id }),
};

export const orders = {
  list: (query: { state?: string; query?: string; after?: string | null }) =>
    call<of.Page<of.OrderRow>>("GET", "/office/orders", { query }),
  get: (id: string) => call<of.Order>("GET", "/office/orders/{id}", { path: { id } }),
  send: (id: string, body: of.ParcelForm) => call<unknown>("POST", "/orders/{id}/parcels", { path: { id }, ...keyed(body) }),
  cancel: (id: string, reason: of.CancelReason, idempotencyKey: string) =>
    call<unknown>("POST", "/orders/{id}/cancel", { path: { id }, body: { reason }, idempotencyKey }),
};

/** How long a product that was asked for a run sheet is taken for fresh, ms; at most so many products are kept. */
const FRESH_MS = 10_000;
const KEPT = 200;
const asked = new Map<string, { at_ms: number; product: Promise<of.ProductEdit> }>();

function productOf(id: string): Promise<of.ProductEdit> {
  const known = asked.get(id);
  if (known && Date.now() - known.at_ms < FRESH_MS) return known.product;
  if (asked.size >= KEPT) asked.clear();
  const product = products.get(id);
  asked.set(id, { at_ms: Date.now(), product });
  return product;
}

/** Small lists come whole or as one page; the pages of this file want the items. */
type Listed<Item> = Item[] | of.Page<Item>;
function items<Item>(list: Listed<Item>): Item[] {
  return Array.isArray(list) ? list : list.items;
}

function item(id: string, number: number, act: string, body: unknown = {}): Promise<unknown> {
  return call("POST", `/shows/{id}/items/{number}/${act}`, { path: { id, number }, body });
}
