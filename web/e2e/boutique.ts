import type { BrowserContext } from "playwright-core";
import { call } from "./api.ts";
import type { House } from "./house.ts";

/** The owner of a house that a story opens. */
export const OWNER = { name: "Margaux Bellier", email: "margaux@example.com", password: "a boutique in Lyon, 1987" };

const both = (en: string, zh: string) => ({ en, zh });
const prices = (minor: number) => ["GBP", "EUR", "USD"].map((currency) => ({ amount_minor: minor, currency }));

export interface Boutique {
  brand: string;
  seller: string;
  location: string;
}

/** Makes the owner by the one-time link, and what a first sale needs: a brand, who sells, where stock lies, postage. */
export async function openBoutique(house: House, owner: BrowserContext): Promise<Boutique> {
  const token = new URL(house.ready.setup ?? "").searchParams.get("token");
  await call(owner, "POST", "/setup", { token, ...OWNER });
  const brand = await call<{ id: string }>(owner, "POST", "/brands", { name: "Maison Bellier" });
  const seller = await call<{ id: string }>(owner, "POST", "/sellers", {
    legal_name: "Bellier SARL",
    address: ["4 place Bellecour", "69002 Lyon"],
    country: "FR",
    email: "bonjour@example.com",
    phone: "+33478000000",
    tax_numbers: [{ kind: "vat", value: "FR40303265045" }],
  });
  const location = await call<{ id: string }>(owner, "POST", "/locations", { name: "Lyon", country: "FR" });
  await call(owner, "PUT", "/shipping-rates", [
    { country: "*", name: both("Post", "邮寄"), price: prices(900), days: [2, 5] },
  ]);
  return { brand: brand.id, seller: seller.id, location: location.id };
}

/** Puts a product of one variant on sale, with so many in stock; returns its id. */
export async function stockProduct(
  owner: BrowserContext,
  boutique: Boutique,
  { title, sku, minor, onHand }: { title: string; sku: string; minor: number; onHand: number },
): Promise<string> {
  const empty = both("", "");
  const product = await call<{ id: string }>(owner, "POST", "/products", {
    status: "active",
    brand_id: boutique.brand,
    seller_id: boutique.seller,
    category: "fashion",
    texts: { title: both(title, title), description: empty, materials: empty, warnings: empty, model_size: empty },
    axes: [],
    variants: [
      {
        sku,
        values: [],
        prices: prices(minor),
        stock: [{ location_id: boutique.location, on_hand: onHand, buffer: 0 }],
        weight_g: 200,
      },
    ],
    media_ids: [],
    origin: "FR",
    hs_code: null,
    minimum_age: null,
    one_of_a_kind: false,
    condition: null,
    measurements: [],
    size_chart: null,
  });
  return product.id;
}

/** A show of the owner's with these products, in this order, and the key that its encoder needs. */
export async function planShow(
  owner: BrowserContext,
  boutique: Boutique,
  products: string[],
): Promise<{ id: string; key: string }> {
  const me = await call<{ person: { id: string } }>(owner, "GET", "/me");
  const show = await call<{ id: string }>(owner, "POST", "/shows", {
    title: both("Silk, an evening", "丝绸之夜"),
    description: both("Three pieces, one hour.", "三件单品，一小时。"),
    brand_id: boutique.brand,
    host_person_id: me.person.id,
    starts_at: new Date(Date.now() + 600_000).toISOString(),
    time_zone: "Europe/Paris",
    cover_media_id: null,
  });
  for (const product_id of products) await call(owner, "POST", `/shows/${show.id}/items`, { product_id });
  const { stream_key } = await call<{ stream_key: string }>(owner, "GET", `/shows/${show.id}/stream-key`);
  return { id: show.id, key: stream_key };
}
