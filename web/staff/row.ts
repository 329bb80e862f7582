import type { Money, Picture, ProductEdit } from "./shapes.ts";
import { mainPrice, said } from "./text.ts";

/** A product in a list: what its whole form comes down to at a glance. */
export interface ProductRow {
  id: string;
  title: string;
  picture: Picture | null;
  price: Money | null;
  /** Over all variants and locations, buffers taken off. */
  free: number;
}

export function rowOf(product: ProductEdit): ProductRow {
  const stock = product.variants.flatMap((variant) => variant.stock);
  return {
    id: product.id,
    title: said(product.texts.title),
    picture: coverOf(product.media_ids),
    price: leastOf(product),
    free: stock.reduce((sum, at) => sum + Math.max(0, at.on_hand - (at.buffer ?? 0)), 0),
  };
}

/** The first of a product's pictures. */
export function coverOf(media_ids: readonly string[]): Picture | null {
  const media_id = media_ids[0];
  return media_id ? { media_id, alt: "", url: `/media/${media_id}/{w}.webp` } : null;
}

/** What the cheapest variant costs, in the currency that the staff reads first. */
function leastOf(product: ProductEdit): Money | null {
  const prices = product.variants.map((variant) => mainPrice(variant.prices)).filter((price) => price !== null);
  const currency = prices[0]?.currency;
  const alike = prices.filter((price) => price.currency === currency);
  return alike.sort((a, b) => a.amount_minor - b.amount_minor)[0] ?? null;
}
