import { coverOf } from "./row.ts";
import type * as of from "./shapes.ts";

/**
 * The studio's answers, brought into one form: a show's texts in every language, its figures with 0 for what is not
 * counted, its items with what the catalogue knows of them.
 */

type Text = { text: string; lang: string };
type RawItem = Pick<of.RunSheetItem, "number" | "product_id" | "talking_points" | "sale"> & Partial<of.RunSheetItem>;
export interface RawShow extends Omit<of.StudioShow, "title" | "description" | "run_sheet" | "figures" | "health"> {
  title: Text | of.Texts;
  description?: Text | of.Texts;
  titles?: of.Texts;
  descriptions?: of.Texts;
  state?: string;
  run_sheet?: RawItem[];
  figures?: Partial<of.Figures>;
  health?: (Omit<of.Health, "warnings"> & { warnings: (string | of.HealthWarning)[] }) | null;
}

const nothing: of.Figures = { viewers: 0, peak: 0, messages: 0, hearts: 0, orders: 0, gmv: [], sold_this_minute: 0 };

export function cardOf(raw: RawShow): of.StudioShowCard {
  return {
    ...raw,
    title: raw.titles ?? textsOf(raw.title),
    lifecycle: raw.lifecycle ?? lifecycleOf(raw.state),
    figures: raw.figures && { ...nothing, ...raw.figures },
    run_sheet: raw.run_sheet?.map((item) => itemOf(item)),
  };
}

/** `product` is asked for items that come without their title. */
export async function showOf(raw: RawShow, product: (id: string) => Promise<of.ProductEdit>): Promise<of.StudioShow> {
  const items = (raw.run_sheet ?? []).map(async (item) => {
    if (item.title) return itemOf(item);
    // A product that cannot be read now still has its number and its place.
    return itemOf(item, await product(item.product_id).catch(() => undefined));
  });
  return {
    ...raw,
    ...cardOf(raw),
    description: raw.descriptions ?? textsOf(raw.description),
    run_sheet: await Promise.all(items),
    figures: { ...nothing, ...raw.figures },
    health: raw.health ? { ...raw.health, warnings: raw.health.warnings.map(warningOf) } : null,
  };
}

function itemOf(item: RawItem, product?: of.ProductEdit): of.RunSheetItem {
  const stock = product?.variants.flatMap((variant) => variant.stock) ?? [];
  return {
    title: product?.texts.title ?? {},
    picture: coverOf(product?.media_ids ?? []),
    prices: product?.variants[0]?.prices ?? [],
    free: stock.reduce((sum, at) => sum + Math.max(0, at.on_hand - (at.buffer ?? 0)), 0),
    claimed: 0,
    sold: 0,
    ...item,
  };
}

function textsOf(text: Text | of.Texts | undefined): of.Texts {
  if (!text) return {};
  return "lang" in text && "text" in text ? { [text.lang ?? "en"]: text.text ?? "" } : (text as of.Texts);
}

function lifecycleOf(state: string | undefined): of.Lifecycle {
  if (state === "live" || state === "away") return "live";
  return state === "ended" ? "ended" : "planned";
}

function warningOf(warning: string | of.HealthWarning): of.HealthWarning {
  return typeof warning === "string" ? { code: warning, text: "" } : warning;
}
