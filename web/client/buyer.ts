/** What buyers and viewers ask of the API. */
import { call } from "./call.ts";
import type {
  Basket,
  Checkout,
  CheckoutRequest,
  Me,
  OrderView,
  Page,
  ProductCard,
  ProductView,
  Quote,
  SandboxOutcome,
  SandboxPayment,
  ShowCard,
  ShowView,
} from "./contract.ts";

/** Which prices: every priced question carries it. */
export interface Priced {
  currency?: string;
  country?: string;
}
/** A basket also says which delivery; without one, the cheapest. */
export interface Delivered extends Priced {
  shipping_id?: string;
}

export const me = () => call<Me>("GET", "/me");
/** Mints the viewer's cookie, or keeps a valid one. */
export const enter = () => call<{ viewer_id: string }>("POST", "/viewer");
export const setChatName = (name: string) => call<Me | undefined>("PUT", "/me/chat-name", { body: { name } });

export const shows = (state: "live" | "coming" | "ended", signal?: AbortSignal) =>
  call<Page<ShowCard>>("GET", "/shows", { query: { state }, signal });
export const show = (id: string, priced: Priced, signal?: AbortSignal) =>
  call<ShowView>("GET", "/shows/{id}", { path: { id }, query: { ...priced }, signal });

export interface ProductQuestion {
  query?: string;
  category?: string;
  brand?: string;
  after?: string;
  limit?: number;
}
export const products = (question: ProductQuestion, priced: Priced, signal?: AbortSignal) =>
  call<Page<ProductCard>>("GET", "/products", { query: { ...question, ...priced }, signal });
export const product = (id: string, priced: Priced, signal?: AbortSignal) =>
  call<ProductView>("GET", "/products/{id}", { path: { id }, query: { ...priced }, signal });
/** The landed total of one variant: unit, shipping and tax. */
export const quote = (variant_id: string, quantity: number, priced: Priced, signal?: AbortSignal) =>
  call<Quote>("GET", "/quote", { query: { variant_id, quantity, ...priced }, signal });

/** Where in a show a piece was put in from. */
export interface FromShow {
  show_id: string;
  show_number: number;
}
export const basket = (priced: Delivered, signal?: AbortSignal) =>
  call<Basket>("GET", "/basket", { query: { ...priced }, signal });
export const putLine = (variant_id: string, quantity: number, priced: Delivered, from?: FromShow) =>
  call<Basket>("PUT", "/basket/lines/{variant_id}", {
    path: { variant_id },
    query: { ...priced },
    body: { quantity, ...from },
  });
export const dropLine = (variant_id: string, priced: Delivered) =>
  call<Basket | undefined>("DELETE", "/basket/lines/{variant_id}", { path: { variant_id }, query: { ...priced } });
export const acceptPrices = (version: number, priced: Delivered) =>
  call<Basket>("POST", "/basket/accept-prices", { body: { version }, query: { ...priced } });

export const checkOut = (request: CheckoutRequest, idempotencyKey: string) =>
  call<Checkout>("POST", "/checkouts", { body: request, idempotencyKey });
/** Asks the payment provider again and settles the order; the same command that the provider's webhook wakes. */
export const confirmOrder = (id: string, key: string) =>
  call<OrderView>("POST", "/orders/{id}/confirm", { path: { id }, query: { key } });
export const order = (id: string, key: string, signal?: AbortSignal) =>
  call<OrderView>("GET", "/orders/{id}", { path: { id }, query: { key }, signal });
export const myOrders = (signal?: AbortSignal) => call<Page<OrderView>>("GET", "/my/orders", { signal });

export const sendSignInLink = (email: string) => call<void>("POST", "/sign-in-links", { body: { email } });
export const sendSignInCode = (phone: string) => call<void>("POST", "/sign-in-codes", { body: { phone } });
export const signInByLink = (token: string) => call<void>("POST", "/sessions/by-link", { body: { token } });
export const signInByCode = (phone: string, code: string) =>
  call<void>("POST", "/sessions/by-code", { body: { phone, code } });
export const signOut = () => call<void>("DELETE", "/sessions/current");

export const sandboxPayment = (ref: string, signal?: AbortSignal) =>
  call<SandboxPayment>("GET", "/sandbox/payments/{ref}", { path: { ref }, signal });
export const settleSandbox = (ref: string, outcome: SandboxOutcome) =>
  call<Pick<SandboxPayment, "state" | "return_url">>("POST", "/sandbox/payments/{ref}", { path: { ref }, body: { outcome } });
