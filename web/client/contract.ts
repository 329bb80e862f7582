/** The API's shapes as the pages use them. Times are RFC 3339 UTC unless the name ends in `_ms` (Unix milliseconds). */

export interface Money {
  amount_minor: number;
  currency: string;
}
/** A text chosen for the reader; `lang` differs from the asked language where it is a fallback. */
export interface Text {
  text: string;
  lang: string;
}
/** A text in every language that staff wrote. */
export type Texts = Record<string, string>;
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
/** `url` holds `{w}`: one of 160, 320, 640, 960, 1280. */
export interface Picture {
  media_id: string;
  alt: string;
  width?: number;
  height?: number;
  url: string;
}

export interface House {
  name: string;
  logo_media_id: string | null;
  languages: string[];
  currencies: string[];
  countries: string[];
  theme: { accent: string | null };
  sandbox: boolean;
  demo: boolean;
  public_url: string;
}
export type Role = "owner" | "merchant" | "host" | "assistant" | "fulfilment";
export interface Scope {
  kind: "house" | "brand" | "show";
  id?: string | null;
}
export interface Membership {
  role: Role;
  scope: Scope;
}
export interface Person {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  kind: "staff" | "buyer";
}
export interface Me {
  viewer_id: string | null;
  chat_name: string | null;
  person: Person | null;
  memberships: Membership[];
  house: House;
  may: string[];
}

export type Free = "in" | "low" | "out";
export interface BrandName {
  id: string;
  name: string;
}
export interface ProductCard {
  id: string;
  title: Text;
  brand: BrandName;
  category: string;
  picture: Picture | null;
  price: Money | null;
  price_to: Money | null;
  free: Free;
  one_of_a_kind: boolean;
}
export interface Axis {
  name: Text;
  values: { id: string; label: Text }[];
}
export interface Variant {
  id: string;
  sku: string;
  values: string[];
  price: Money | null;
  was: Money | null;
  free: Free;
  low_count: number | null;
}
export interface Seller {
  id: string;
  legal_name: string;
  address: string[];
  country: string;
  email: string | null;
  phone: string | null;
  tax_numbers: { kind: string; value: string }[];
}
export interface ProductView extends ProductCard {
  description: Text;
  pictures: Picture[];
  axes: Axis[];
  variants: Variant[];
  materials: Text | null;
  origin: string | null;
  hs_code: string | null;
  measurements: { name: Text; value: string }[];
  size_chart: { columns: Text[]; rows: string[][] } | null;
  model_size: Text | null;
  condition: { grade: string; defects: Text } | null;
  warnings: Text | null;
  minimum_age: number | null;
  seller: Seller;
  tax_included: boolean;
  share: { title: string; description: string; image_url: string | null };
}

export type ShowState = "scheduled" | "lobby" | "live" | "away" | "ended";
export interface ShowCard {
  id: string;
  title: Text;
  cover: Picture | null;
  host: { name: string; avatar: Picture | null };
  brand: BrandName;
  starts_at: string;
  time_zone: string;
  state: ShowState;
  viewers: number;
}
export interface TrayItem {
  number: number;
  product: ProductCard;
  variants: Variant[];
  axes: Axis[];
  live_price: boolean;
  sale: "open" | "stopped" | "sold_out";
  shown_at: number[];
}
export interface ShowView extends ShowCard {
  description: Text;
  programme_id: string | null;
  playback: { hls: string } | null;
  tray: TrayItem[];
  pinned_number: number | null;
  replay: null;
  next_show: ShowCard | null;
}

export * from "./contract-till.ts";
