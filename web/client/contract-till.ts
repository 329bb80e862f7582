/** The till's shapes: basket, checkout, order, sandbox payment. */
import type { Free, Money, Picture, ProductCard, Seller, Text } from "./contract.ts";

export interface Tax {
  included: boolean;
  amount: Money | null;
  note: Text;
}
export interface Quote {
  unit: Money;
  shipping: Money;
  tax: Tax;
  total: Money;
}
export type LineProblem = "sold_out" | "stopped" | "not_sold_in_currency" | "not_shipped";
export interface BasketLine {
  variant_id: string;
  product: Pick<ProductCard, "id" | "title" | "brand" | "category" | "picture" | "one_of_a_kind">;
  values: string[];
  quantity: number;
  unit: Money | null;
  line_total: Money | null;
  was_unit: Money | null;
  needs_acceptance: boolean;
  free: Free;
  show_id: string | null;
  show_number: number | null;
  problem: LineProblem | null;
}
export interface ShippingOption {
  id: string;
  name: Text;
  price: Money;
  days: [number, number];
}
export interface Basket {
  version: number;
  lines: BasketLine[];
  seller: Seller | null;
  shipping_options: ShippingOption[];
  shipping_id: string | null;
  subtotal: Money | null;
  shipping: Money | null;
  tax: Tax | null;
  total: Money | null;
  rehearsal: boolean;
}
export interface Contact {
  name: string;
  email: string | null;
  phone: string | null;
}
export interface Address {
  lines: string[];
  city: string;
  region: string | null;
  postal_code: string | null;
  country: string;
}
export interface CheckoutRequest {
  basket_version: number;
  currency: string;
  country: string;
  contact: Contact;
  address: Address;
  shipping_id: string;
  expected_total: Money;
  payment_method: "sandbox";
  language: string;
}
export type OrderState =
  | "awaiting_payment"
  | "paid"
  | "partly_sent"
  | "sent"
  | "delivered"
  | "cancelled"
  | "expired";
export interface Checkout {
  order_id: string;
  order_key: string;
  state: OrderState;
  payment: { id: string; next: "redirect" | "done"; redirect_url: string | null };
  held_until: string | null;
}
export type OrderStep =
  | "placed"
  | "authorised"
  | "declined"
  | "paid"
  | "sent"
  | "refund_asked"
  | "refunded"
  | "voided";
export interface OrderLine {
  title: string;
  values: string[];
  show_number: number | null;
  quantity: number;
  unit: Money;
  total: Money;
  seller: Seller | { legal_name: string };
  picture: Picture | null;
}
export interface Parcel {
  carrier: string;
  tracking_number: string;
  tracking_url: string | null;
  sent_at: string;
}
export interface OrderView {
  id: string;
  number: string;
  state: OrderState;
  payment_state: "open" | "declined" | "authorised" | "captured" | "refund_pending" | "refunded" | "voided";
  /** Where to go on paying, while the order waits for it. */
  pay_url: string | null;
  placed_at: string;
  lines: OrderLine[];
  /** Null once they were erased. */
  contact: Contact | null;
  address: Address | null;
  shipping_name: string;
  totals: { subtotal: Money; shipping: Money; tax: Tax; total: Money };
  held_until: string | null;
  parcels: Parcel[];
  refunds: { amount: Money; at: string }[];
  timeline: { at: string; what: OrderStep }[];
  cancelled_because: string | null;
  rehearsal: boolean;
}
export interface SandboxPayment {
  amount: Money;
  merchant: string;
  state: "open" | "challenged" | "processing" | "declined" | "approved" | "voided" | "refunded";
  return_url: string;
}
export type SandboxOutcome = "approve" | "decline" | "challenge" | "slow" | "never";
