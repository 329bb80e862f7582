/**
 * The API's shapes as the buyers' pages use them: generated ones, by the product's words. Where the document says
 * "text" of a closed list, the list stands here. Times are RFC 3339 UTC unless the name ends in `_ms` (Unix ms).
 */
import type { components } from "./schema.d.ts";

export type Bodies = components["schemas"];
/** A generated shape with some of its fields narrowed. */
export type With<Shape, Fields extends { [Name in keyof Fields]: Name extends keyof Shape ? unknown : never }> = Omit<
  Shape,
  keyof Fields
> &
  Fields;

export type Money = Bodies["MoneyBody"];
/** A text chosen for the reader; `lang` differs from the asked language where it is a fallback. */
export type Text = Bodies["TextBody"];
/** A text in every language that staff wrote. */
export type Texts = Bodies["TextsBody"];
export interface Page<Item> {
  items: Item[];
  next?: string | null;
}
type Sized = Bodies["PictureBody"];
/** `url` holds `{w}`: one of 160, 320, 640, 960, 1280. A row that the office makes from an id knows no size. */
export type Picture = Omit<Sized, "width" | "height"> & Partial<Pick<Sized, "width" | "height">>;

export type House = Bodies["HouseBody"];
export type Role = "owner" | "merchant" | "host" | "assistant" | "fulfilment";
export type Scope = With<Bodies["ScopeBody"], { kind: "house" | "brand" | "show" }>;
export type Membership = With<Bodies["MembershipBody"], { role: Role; scope: Scope }>;
export type Me = With<Bodies["MeBody"], { memberships: Membership[] }>;

export type Free = "in" | "low" | "out";
export type ProductCard = With<Bodies["ProductCardBody"], { free: Free }>;
export type Axis = Bodies["AxisBody"];
export type Variant = With<Bodies["VariantBody"], { free: Free }>;
export type Seller = Bodies["SellerBody"];
export type ProductView = With<Bodies["ProductBody"], { free: Free; variants: Variant[] }>;

export type ShowState = "scheduled" | "lobby" | "live" | "away" | "ended";
export type ShowCard = With<Bodies["ShowCardBody"], { state: ShowState }>;
export type SaleState = "open" | "stopped" | "sold_out";
export type TrayItem = With<Bodies["TrayItemBody"], { product: ProductCard; variants: Variant[]; sale: SaleState }>;
export type ShowView = With<
  Bodies["ShowBody"],
  { state: ShowState; tray: TrayItem[]; next_show?: ShowCard | null }
>;

export type Replay = Bodies["ReplayBody"];

export type Tax = Bodies["TaxBody"];
export type LineProblem = "sold_out" | "stopped" | "not_sold_in_currency" | "not_shipped";
export type BasketLine = With<Bodies["BasketLineBody"], { product: ProductCard; free: Free; problem?: LineProblem | null }>;
export type ShippingOption = With<Bodies["ShippingOptionBody"], { days: [number, number] }>;
export type Basket = With<Bodies["BasketBody"], { lines: BasketLine[]; shipping_options: ShippingOption[] }>;
export type Contact = Bodies["ContactBody"];
export type Address = Bodies["AddressBody"];
/** One part of a country's form of an address, in the order in which the country writes them. */
export type AddressPart = With<Bodies["AddressPartBody"], { part: "name" | "lines" | "city" | "region" | "postal_code" }>;
export type Applied = Bodies["AppliedOfferBody"];
export type Reduction = Bodies["ReductionBody"];
export type RefusedCode = Bodies["RefusedCodeBody"];
export type CheckoutRequest = Bodies["CheckoutBody"];
/** One way to pay, and why this amount cannot be paid so. */
export type PaymentMethod = With<
  Bodies["PaymentMethodBody"],
  {
    method: "card" | "alipay" | "wechat_pay" | "sandbox";
    flow: "redirect" | "qr";
    taking: "hold_then_capture" | "at_once";
    refused: "amount_too_large" | "amount_too_small" | "payment_method_not_offered" | null;
  }
>;
export type OrderState =
  | "awaiting_payment"
  | "paid"
  | "partly_sent"
  | "sent"
  | "delivered"
  | "cancelled"
  | "expired";
export type PaymentState = "open" | "declined" | "authorised" | "captured" | "refund_pending" | "refunded" | "voided";
export type Checkout = With<
  Bodies["CheckedOutBody"],
  { state: OrderState; payment: With<Bodies["CheckoutPaymentBody"], { next: "redirect" | "done" }> }
>;
export type OrderStep =
  | "placed"
  | "authorised"
  | "declined"
  | "paid"
  | "sent"
  | "refund_asked"
  | "refunded"
  | "voided"
  | "delivered"
  | "withdrawn"
  | "pieces_refunded"
  | "return_asked"
  | "return_received"
  | "return_refused"
  | "return_refunded"
  | "return_replaced";
export type OrderLine = Bodies["OrderLineBody"];
export type Sum = Bodies["SumBody"];
export type ReturnStep = "requested" | "received" | "refused" | "refunded" | "replaced";
export type ReturnReason = "does_not_fit" | "not_as_shown" | "damaged" | "wrong_piece" | "changed_mind" | "withdrawal";
export type RefusedBecause = "never_came" | "worn" | "not_ours" | "too_late" | "buyer_keeps";
export type NoWithdrawal = "made_to_measure" | "hygiene" | "perishable";
/** What of an order may be withdrawn from. */
export type Withdrawable = With<
  Bodies["WithdrawableBody"],
  { excepted: With<Bodies["ExceptedLineBody"], { why: NoWithdrawal }>[] }
>;
/** The proof of a withdrawal. */
export type Receipt = Bodies["WithdrawalReceiptBody"];
/** Pieces that a buyer sends back, and how far that is. */
export type Return = With<
  Bodies["ReturnBody"],
  { step: ReturnStep; reason: ReturnReason; refused_because?: RefusedBecause | null }
>;
export type OrderView = With<
  Bodies["OrderViewBody"],
  {
    state: OrderState;
    payment_state: PaymentState;
    timeline: With<Bodies["TimelineBody"], { what: OrderStep }>[];
    returns: Return[];
  }
>;
export type SandboxPayment = With<
  Bodies["SandboxPaymentBody"],
  { state: "open" | "challenged" | "processing" | "declined" | "approved" | "voided" | "refunded" }
>;
export type SandboxOutcome = "approve" | "decline" | "challenge" | "slow" | "never";
