import { randomUUID } from "node:crypto";
import type { APIResponse, BrowserContext } from "playwright-core";

/** Calls the API with a person's cookies; an answer that is not 2xx is an error that names the call. */
export async function call<T>(context: BrowserContext, method: string, path: string, data?: unknown): Promise<T> {
  const headers = { "Idempotency-Key": randomUUID() };
  const answer: APIResponse = await context.request.fetch(`/api/v1${path}`, { method, data, headers });
  const text = await answer.text();
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Signs staff in: the sign-in page is looked at elsewhere. */
export async function signIn(context: BrowserContext, who: { email: string; password: string }): Promise<void> {
  await call(context, "POST", "/sessions", { email: who.email, password: who.password });
}

export interface Money {
  amount_minor: number;
  currency: string;
}

export interface Basket {
  version: number;
  shipping_id: string;
  shipping_options: { id: string }[];
  total: Money;
  lines: { variant_id: string; quantity: number }[];
}

export interface CheckoutAnswer {
  order_id: string;
  order_key: string;
  state: string;
  payment: { id: string; next: "redirect" | "done"; redirect_url: string | null };
}

/** Puts one piece of a product's first variant that can be bought into the context's basket, perhaps from a show. */
export async function putInBasket(
  context: BrowserContext,
  product: string,
  from?: { show_id: string; show_number: number },
): Promise<void> {
  await call(context, "POST", "/viewer");
  const { variants } = await call<{ variants: { id: string; free: string }[] }>(context, "GET", `/products/${product}`);
  const variant = variants.find(({ free }) => free !== "out");
  if (!variant) throw new Error(`nothing of product ${product} is free`);
  await call(context, "PUT", `/basket/lines/${variant.id}`, { quantity: 1, ...from });
}

/** Checks the context's basket out as a person in London would, with the payment still to be made. */
export async function checkOut(context: BrowserContext): Promise<CheckoutAnswer> {
  const where = "currency=GBP&country=GB";
  const basket = await call<Basket>(context, "GET", `/basket?${where}`);
  return call<CheckoutAnswer>(context, "POST", "/checkouts", {
    basket_version: basket.version,
    currency: "GBP",
    country: "GB",
    contact: { name: "Claire Martin", email: null, phone: "+447700900123" },
    address: { lines: ["12 New Bond Street"], city: "London", region: null, postal_code: "W1S 3SS", country: "GB" },
    shipping_id: basket.shipping_id ?? basket.shipping_options[0]?.id,
    expected_total: basket.total,
    payment_method: "sandbox",
    language: "en",
  });
}
