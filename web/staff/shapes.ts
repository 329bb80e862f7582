/** The API's shapes as the staff's pages use them, beyond what viewers get. */
import type {
  Bodies, Membership, Money, OrderState, Picture, Role, SaleState, Scope, Texts, With,
} from "../client/shapes.ts";

export type {
  House, Me, Membership, Money, OrderLine, OrderState, OrderView as Order, Page, Picture, Role, SaleState, Scope,
  Seller, ShowView, Texts, TrayItem,
} from "../client/shapes.ts";

export interface Named {
  id: string;
  name: string;
}

export interface Person {
  id: string;
  name: string;
  email: string | null;
  memberships: Membership[];
  last_seen: string | null;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  scope: Scope;
  expires_at?: string;
}

export interface RunSheetItem {
  /** Given once, never changed. */
  number: number;
  product_id: string;
  title: Texts;
  picture: Picture | null;
  prices: Money[];
  free: number;
  claimed: number;
  sold: number;
  talking_points: string;
  sale: SaleState;
}

export interface HealthWarning {
  code: string;
  text: string;
}

export type Health = With<
  Bodies["HealthBody"],
  { state: "idle" | "receiving" | "away"; warnings: HealthWarning[] }
>;

export interface Minute {
  at: string;
  gmv_minor: number;
  orders: number;
  viewers: number;
}

export interface Figures {
  viewers: number;
  peak: number;
  messages: number;
  hearts: number;
  orders: number;
  gmv: Money[];
  sold_this_minute: number;
  minutes?: Minute[];
}

export type Lifecycle = "planned" | "rehearsing" | "live" | "ended";

export interface StudioShowCard {
  id: string;
  title: Texts;
  cover?: Picture | null;
  host: { name: string } | null;
  brand: Named | null;
  starts_at: string;
  time_zone: string;
  lifecycle: Lifecycle;
  publishing: boolean;
  figures?: Figures;
  run_sheet?: RunSheetItem[];
}

export interface StudioShow extends StudioShowCard {
  version: number;
  description: Texts;
  host_person_id: string | null;
  run_sheet: RunSheetItem[];
  /** The key is asked for by itself. */
  ingest: Bodies["IngestBody"];
  programme_id?: string | null;
  playback?: { hls: string } | null;
  health: Health | null;
  figures: Figures;
}

export type ProductStatus = "draft" | "active" | "archived";
export type ProductEdit = With<Bodies["ProductEditBody"], { status: ProductStatus }>;
/** A product as it is sent: with its version when it is there already. */
export type ProductDraftBody = Bodies["ProductDraftBody"];
export type VariantEdit = Bodies["VariantEdit"];
export type VariantDraft = Bodies["VariantDraftBody"];
export type PriceVersion = Bodies["PriceVersionBody"];

export type OrderRow = With<Bodies["OfficeOrderBody"], { state: OrderState }>;
export type CancelReason = "buyer_asked" | "out_of_stock" | "wrong_price" | "suspicious" | "other";
export type ParcelForm = Bodies["SendParcelBody"];
export type ShippingRate = Bodies["RateBody"];

export type ImportReport = Bodies["ImportBody"];
export type RowFault = Bodies["RowFaultBody"];

export type HouseDraft = Bodies["HouseDraftBody"];
export type Brand = Bodies["BrandBody"];
export type BrandDraft = Bodies["BrandDraftBody"];
export type OfficeSeller = Bodies["OfficeSellerBody"];
export type SellerDraft = Bodies["SellerDraftBody"];
export type Location = Bodies["LocationBody"];
export type LocationDraft = Bodies["LocationDraftBody"];
export type Media = Bodies["MediaBody"];

export interface SentMessage {
  id: string;
  channel: "mail" | "sms";
  to: string;
  subject: string | null;
  text: string;
  html: string | null;
  sent_at: string;
}

export interface AuditEntry {
  id: string;
  at: string;
  person: Named | null;
  act: string;
  subject: string;
  detail: string | null;
}

export interface ApiToken {
  id: string;
  name: string;
  scopes: string[];
  created_at?: string;
  last_used_at?: string | null;
}

/** What a person plans of a show; the rest the server knows. */
export type ShowPlan = With<Bodies["PlanBody"], { title: Texts; description?: Texts }>;
export type RunSheetLine = Bodies["PlacementBody"];

export interface OnAirPiece {
  title: string;
  media_id: string;
  price: Money;
  size: string | null;
  brand_id?: string;
  quantity: number;
}
