import type { LiveDrop } from "../../client/room/drop.ts";
import type { Drop } from "../../client/room/wire.ts";
import type { Money, Variant } from "../../client/shapes.ts";

/** What a buyer has in a drop. */
export interface Mine {
  /** Pieces claimed, paid ones too. */
  taken: number;
  /** Until when the piece is held that runs out first; null where none waits to be paid. */
  until: string | null;
  /** The place in the waitlist. */
  place: number | null;
}

/** The one thing that a drop's button does for this buyer now; null: nothing can be done yet. */
export type DropAct =
  | { does: "claim"; more: boolean }
  | { does: "pay"; until: string }
  | { does: "wait" }
  | { does: "place"; place: number }
  | { does: "nothing"; why: "elsewhere" | "limit" | "closed" }
  | null;

export function actOf({ drop, standing }: LiveDrop, mine: Mine, country: string): DropAct {
  const full = mine.taken >= drop.limit;
  if (mine.until !== null && (full || standing !== "open")) return { does: "pay", until: mine.until };
  if (mine.place !== null) return { does: "place", place: mine.place };
  if (standing === "armed" || standing === "counting") return null;
  if (standing === "closed") return { does: "nothing", why: "closed" };
  if (drop.countries && !drop.countries.includes(country)) return { does: "nothing", why: "elsewhere" };
  if (full) return { does: "nothing", why: "limit" };
  return standing === "open" ? { does: "claim", more: mine.taken > 0 } : { does: "wait" };
}

/** What one piece costs in a drop: the lower of its price and the list's, with the list's struck out. */
export function priceIn(drop: Drop, variant: Variant | undefined): { price: Money; was: Money | null } | null {
  const list = variant?.price ?? null;
  if (!list) return null;
  const own = drop.unit?.find((one) => one.currency === list.currency);
  if (own && own.amount_minor < list.amount_minor) return { price: own, was: list };
  return { price: list, was: variant?.was ?? null };
}
