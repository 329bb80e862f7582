/** What buyers and viewers ask of the API. */
import { call } from "./call.ts";
import type { RoomEvent } from "./room/wire.ts";
import type {
  AddressPart,
  Basket,
  Bodies,
  Checkout,
  CheckoutRequest,
  Me,
  Money,
  OrderView,
  Page,
  PaymentMethod,
  ProductCard,
  ProductView,
  Replay,
  Receipt,
  SandboxOutcome,
  SandboxPayment,
  ShowCard,
  ShowView,
  Withdrawable,
} from "./shapes.ts";

/** Which prices: every priced question carries it. */
export interface Priced {
  currency?: string;
  country?: string;
}
/** A basket also says which delivery; without one, the cheapest. */
export interface Delivered extends Priced {
  shipping_id?: string;
  /** Codes of offers, with commas between. */
  codes?: string;
}

export const me = () => call("GET", "/me") as Promise<Me>;
/** Mints the viewer's cookie, or keeps a valid one. */
export const enter = () => call("POST", "/viewer");
export const setChatName = (name: string) => call("PUT", "/me/chat-name", { body: { name } });

export const shows = (state: "live" | "coming" | "ended", signal?: AbortSignal) =>
  call("GET", "/shows", { query: { state }, signal }) as Promise<Page<ShowCard>>;
/** Staff may ask for a rehearsal. */
export const show = (id: string, priced: Priced & { stage?: "rehearsal" }, signal?: AbortSignal) =>
  call("GET", "/shows/{id}", { path: { id }, query: priced, signal }) as Promise<ShowView>;

/** What was recorded of a show; a problem with status 404 where nothing was. */
export const replay = (id: string, signal?: AbortSignal) =>
  call("GET", "/shows/{id}/replay", { path: { id }, signal }) as Promise<Replay>;
interface ReplayLogPage {
  events: RoomEvent[];
  from: number;
  next?: number | null;
}
/** A page of the room's log: behind an offset, or around a moment of the programme. */
export const replayLog = (id: string, from: { after?: number; at_ms?: number }) =>
  call("GET", "/shows/{id}/replay/log", { path: { id }, query: from }) as Promise<unknown> as Promise<ReplayLogPage>;

export interface ProductQuestion {
  query?: string;
  category?: string;
  brand?: string;
  after?: string;
  limit?: number;
}
export const products = (question: ProductQuestion, priced: Priced, signal?: AbortSignal) =>
  call("GET", "/products", { query: { ...question, ...priced }, signal }) as Promise<Page<ProductCard>>;
export const product = (id: string, priced: Priced, signal?: AbortSignal) =>
  call("GET", "/products/{id}", { path: { id }, query: priced, signal }) as Promise<ProductView>;
/** What was asked about it in its shows, and answered. */
export const answersAbout = (id: string, signal?: AbortSignal) => call("GET", "/products/{id}/answers", { path: { id }, signal });
/** The landed total of one variant: unit, shipping and tax. */
export const quote = (variant_id: string, quantity: number, priced: Priced, signal?: AbortSignal) =>
  call("GET", "/quote", { query: { variant_id, quantity, ...priced }, signal });

/** Where in a show a piece was put in from. */
export interface FromShow {
  show_id: string;
  show_number: number;
}
export const basket = (priced: Delivered, signal?: AbortSignal) =>
  call("GET", "/basket", { query: priced, signal }) as Promise<Basket>;
export const putLine = (variant_id: string, quantity: number, priced: Delivered, from?: FromShow) =>
  call("PUT", "/basket/lines/{variant_id}", {
    path: { variant_id },
    query: priced,
    body: { quantity, ...from },
  }) as Promise<Basket>;
export const dropLine = (variant_id: string, priced: Delivered) =>
  call("DELETE", "/basket/lines/{variant_id}", { path: { variant_id }, query: priced }) as Promise<Basket>;
export const acceptPrices = (version: number, priced: Delivered) =>
  call("POST", "/basket/accept-prices", { body: { version }, query: priced }) as Promise<Basket>;

/** How a country writes an address: its parts in order. */
export const addressForm = (country: string, signal?: AbortSignal) =>
  call("GET", "/address-forms/{country}", { path: { country }, signal }) as Promise<AddressPart[]>;
/** The ways to pay an amount, in the order in which buyers see them. */
export const paymentMethods = (amount: Money, signal?: AbortSignal) =>
  call("GET", "/payment-methods", { query: { currency: amount.currency, amount: amount.amount_minor }, signal }) as Promise<{
    items: PaymentMethod[];
  }>;
export const checkOut = (request: CheckoutRequest, idempotencyKey: string) =>
  call("POST", "/checkouts", { body: request, idempotencyKey }) as Promise<Checkout>;
/** Asks the payment provider again and settles the order; the same command that the provider's webhook wakes. */
export const confirmOrder = (id: string, key: string) =>
  call("POST", "/orders/{id}/confirm", { path: { id }, query: { key } }) as Promise<OrderView>;
export const order = (id: string, key: string, signal?: AbortSignal) =>
  call("GET", "/orders/{id}", { path: { id }, query: { key }, signal }) as Promise<OrderView>;
/** Asks to send pieces back: for the money, or for another variant of the same product. */
export const askReturn = (id: string, key: string, body: Bodies["AskReturnBody"]) =>
  call("POST", "/orders/{id}/returns", { path: { id }, query: { key }, body }) as Promise<OrderView>;
type NamedOrder = Bodies["NamedOrderBody"];
/** What of the named order may be withdrawn from; 404 where number and contact do not belong together. */
export const lookAtWithdrawal = (body: NamedOrder) =>
  call("POST", "/withdrawals/look", { body }) as Promise<Withdrawable>;
export const withdraw = (body: Bodies["WithdrawBody"]) => call("POST", "/withdrawals", { body }) as Promise<Receipt>;
export const myOrders = (signal?: AbortSignal) => call("GET", "/my/orders", { signal }) as Promise<Page<OrderView>>;

export const sendSignInLink = (email: string) => call("POST", "/sign-in-links", { body: { email } });
export const sendSignInCode = (phone: string) => call("POST", "/sign-in-codes", { body: { phone } });
export const signInByLink = (token: string) => call("POST", "/sessions/by-link", { body: { token } });
export const signInByCode = (phone: string, code: string) =>
  call("POST", "/sessions/by-code", { body: { phone, code } });
export const signOut = () => call("DELETE", "/sessions/current");

export const sandboxPayment = (id: string, signal?: AbortSignal) =>
  call("GET", "/sandbox/payments/{id}", { path: { id }, signal }) as Promise<SandboxPayment>;
export const settleSandbox = (id: string, outcome: SandboxOutcome) =>
  call("POST", "/sandbox/payments/{id}", { path: { id }, body: { outcome } }) as Promise<
    Pick<SandboxPayment, "state" | "return_url">
  >;
