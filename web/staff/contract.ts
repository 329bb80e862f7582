import type {
  Membership,
  Money,
  OrderLine as BuyerLine,
  OrderState,
  OrderView,
  Picture,
  ProductCard,
  Role,
  Scope,
  Texts,
} from "../client/contract.ts";

export type {
  House, Me, Membership, Money, OrderState, Page, Picture, Role, Scope, Seller, ShowView, Texts, TrayItem,
} from "../client/contract.ts";

/** What the staff's part of the API answers beyond what viewers get. */
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

export type SaleState = "open" | "stopped" | "sold_out";

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

export interface Health {
  state: "idle" | "receiving" | "away";
  video: {
    codec: string;
    width: number;
    height: number;
    frame_rate: number;
    bitrate_kbps: number;
    /** Null before the second keyframe. */
    keyframe_interval_ms: number | null;
    b_frames: boolean;
  } | null;
  audio: { codec: string; sample_rate: number; channels: number; bitrate_kbps: number } | null;
  /** How far viewers are behind the encoder. */
  behind_ms: number;
  warnings: HealthWarning[];
  since: string | null;
}

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
  cover: Picture | null;
  host: { name: string; avatar: Picture | null } | null;
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
  brand_id: string;
  host_person_id: string | null;
  cover_media_id: string | null;
  run_sheet: RunSheetItem[];
  /** The key is asked for by itself. */
  ingest: { rtmp_url: string; stream_key?: string };
  programme_id: string | null;
  playback: { hls: string } | null;
  health: Health | null;
  figures: Figures;
}

export interface ProductRow extends ProductCard {
  status?: ProductStatus;
  sku?: string;
  variants?: number;
  /** Over all variants and locations. */
  on_hand?: number;
}

export type ProductStatus = "draft" | "active" | "archived";

export interface StockAt {
  location_id: string;
  on_hand: number;
  buffer: number;
}

export interface VariantEdit {
  id?: string;
  sku: string;
  values: string[];
  prices: Money[];
  stock: StockAt[];
  weight_g: number | null;
}

export interface AxisEdit {
  name: Texts;
  values: { id?: string; label: Texts }[];
}

export interface ProductEdit {
  id: string;
  version: number;
  status: ProductStatus;
  brand_id: string;
  seller_id: string;
  category: string;
  texts: { title: Texts; description: Texts; materials: Texts; warnings: Texts; model_size: Texts };
  axes: AxisEdit[];
  variants: VariantEdit[];
  media_ids: string[];
  origin: string | null;
  hs_code: string | null;
  minimum_age: number | null;
  one_of_a_kind: boolean;
  condition: { grade: string; defects: Texts } | null;
  measurements: { name: Texts; value: string }[];
  size_chart: { columns: Texts[]; rows: string[][] } | null;
}

export interface OrderLine extends BuyerLine {
  id: string;
  sku: string;
  /** It is in a parcel that left. */
  sent: boolean;
}

export interface Order extends OrderView {
  lines: OrderLine[];
}

/** An order in the list. */
export interface OrderRow {
  id: string;
  number: string;
  state: OrderState;
  payment_state: string;
  placed_at: string;
  buyer: string;
  pieces: number;
  show_numbers: number[];
  total: Money;
  rehearsal: boolean;
}

export type CancelReason = "buyer_asked" | "out_of_stock" | "wrong_price" | "suspicious" | "other";

export interface ShippingRate {
  id?: string;
  /** A country's code, or `*` for everywhere else. */
  country: string;
  name: Texts;
  price: Money[];
  days: [number, number];
}

export interface ImportReport {
  import_id: string;
  rows: number;
  products: number;
  variants: number;
  errors: ImportLine[];
  warnings: ImportLine[];
}

export interface ImportLine {
  line: number;
  column: string | null;
  code: string;
  detail: string;
}

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

export interface Brand extends Named {
  logo_media_id?: string | null;
}

export interface Media {
  id: string;
  width: number;
  height: number;
  url: string;
}

/** What a person plans of a show; the rest the server knows. */
export interface ShowPlan {
  title: Texts;
  description: Texts;
  brand_id: string;
  host_person_id: string;
  /** UTC. */
  starts_at: string;
  time_zone: string;
  cover_media_id: string | null;
}

export interface RunSheetLine {
  number: number | null;
  product_id: string;
  talking_points: string;
}

export interface OnAirPiece {
  title: string;
  media_id: string;
  price: Money;
  size: string | null;
  brand_id?: string;
  quantity: number;
}

export interface ParcelForm {
  carrier: string;
  tracking_number: string;
  tracking_url?: string;
  line_ids?: string[];
}
