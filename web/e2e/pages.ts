import type { DemoReady } from "./settings.ts";

/** Who looks: a buyer with something in the basket, or a member of staff by role. */
export type Looker = "viewer" | "owner";

export interface Shot {
  name: string;
  looker: Looker;
  path: (demo: DemoReady, made: Made) => string;
  /** The page has a video that must show a picture before it is taken. */
  video?: boolean;
  /** What is pressed first, by its test id. */
  press?: string;
}

/** What is made or found for the pages that need it: a payment that waits, an open invitation, shows that are over. */
export interface Made {
  payment: string;
  ended: string;
  /** The id of a show that is over and was recorded. */
  recorded: string;
  invitation: string;
  /** A product that somebody bought at a wrong price. */
  mispriced: string;
}

const shot = (looker: Looker) => (name: string, path: Shot["path"], video = false, press?: string): Shot => ({ name, looker, path, video, press });
const viewer = shot("viewer");
const owner = shot("owner");

/** Every page of the product; a new page is added here, and is then looked at in all sizes and languages. */
export const pages: Shot[] = [
  viewer("home", () => "/"),
  viewer("lobby", (demo) => `/shows/${demo.scheduled}`),
  viewer("room", (demo) => `/shows/${demo.show}`, true),
  viewer("room-behind", (demo) => `/shows/${demo.show}`, true, "rewind"),
  viewer("ended", (_, made) => made.ended),
  viewer("replay", (_, made) => `/shows/${made.recorded}`, true),
  viewer("product", (demo) => `/products/${demo.product}`),
  viewer("search", () => "/search?query=silk"),
  viewer("basket", () => "/basket"),
  viewer("checkout", () => "/checkout"),
  viewer("pay", (_, made) => made.payment),
  viewer("order", (demo) => `/orders/${demo.order}?key=${encodeURIComponent(demo.order_key)}`),
  viewer("withdraw", () => "/withdraw"),
  viewer("account", () => "/account"),
  viewer("sign-in", () => "/sign-in"),
  viewer("setup", () => "/setup?token=used"),
  viewer("invitation", (_, made) => made.invitation),
  viewer("not-found", () => "/shows/00000000000000000000000000"),
  owner("studio", () => "/studio"),
  owner("studio-new", () => "/studio/shows/new"),
  owner("studio-plan", (demo) => `/studio/shows/${demo.scheduled}`),
  owner("studio-replay", (_, made) => `/studio/shows/${made.recorded}`, true),
  owner("studio-desk", (demo) => `/studio/shows/${demo.show}/desk`, true),
  owner("studio-host", (demo) => `/studio/shows/${demo.show}/host`),
  owner("studio-moderate", (demo) => `/studio/shows/${demo.show}/moderate`),
  owner("studio-list", (demo) => `/studio/shows/${demo.show}/list`),
  owner("camera", (demo) => `/camera/${demo.scheduled}`),
  owner("office-orders", () => "/office"),
  owner("office-order", (demo) => `/office/orders/${demo.order}`),
  owner("office-parcels", () => "/office/parcels"),
  owner("office-returns", () => "/office/returns"),
  owner("office-corrections", (_, made) => `/office/corrections?product=${made.mispriced}`),
  owner("office-products", () => "/office/products"),
  owner("office-product", (demo) => `/office/products/${demo.product}`),
  owner("office-product-new", () => "/office/products/new"),
  owner("office-offers", () => "/office/offers"),
  owner("office-offer-new", () => "/office/offers/new"),
  owner("office-imports", () => "/office/imports"),
  owner("office-people", () => "/office/people"),
  owner("office-settings", () => "/office/settings"),
  owner("office-messages", () => "/office/messages"),
  owner("office-audit", () => "/office/audit"),
  owner("office-tokens", () => "/office/tokens"),
];
