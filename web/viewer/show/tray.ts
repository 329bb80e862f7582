import type { ShowView, TrayItem } from "../../client/shapes.ts";
import type { RoomState } from "../../client/room/state.ts";
import { freeOf, leftOf, type Offer, priceOf } from "../buy/offer.ts";
import { leading, type LiveDrop } from "../../client/room/drop.ts";
import type { Free, Money } from "../../client/shapes.ts";
import { priceIn } from "./drop-act.ts";

/** As much of a piece as a banner shows. */
export interface Shown {
  item: Pick<TrayItem, "axes" | "variants"> & { product: Pick<TrayItem["product"], "title" | "picture"> };
}

/** A piece on the tray as a viewer sees it now: the show's data with the room's later word on it. */
export interface Piece {
  item: TrayItem;
  price: Money | null;
  was: Money | null;
  more: boolean;
  free: Free;
  left: number | null;
  stopped: boolean;
  soldThisMinute: number;
  /** The drop that its Buy stands for: its only variant's, or that of a piece with nothing else left. */
  drop: LiveDrop | null;
}

/** "Sold this minute" is shown for a minute after the till said so. */
const MINUTE_MS = 60_000;

export function pieces(show: ShowView, room: RoomState, now_ms: number, drops: readonly LiveDrop[] = []): Piece[] {
  return show.tray.map((item) => {
    const known = room.stock[item.number];
    const selling = room.selling[item.number];
    const soldOut = item.sale === "sold_out";
    const free = known?.free ?? (soldOut ? "out" : freeOf(item.variants));
    const own = leading(drops.filter(({ drop }) => drop.number === item.number));
    const drop = own && own.standing !== "closed" && (item.variants.length === 1 || free === "out") ? own : null;
    const dropped = drop?.standing === "open" ? item.variants.find((one) => one.id === drop.drop.variant_id) : undefined;
    const inDrop = drop && dropped ? priceIn(drop.drop, dropped) : null;
    const price = inDrop ? { ...inDrop, more: false } : priceOf(item.variants);
    return {
      item,
      price: price?.price ?? null,
      was: price?.was ?? null,
      more: price?.more ?? false,
      free,
      left: free === "out" ? null : (known?.low_count ?? leftOf(item.variants)),
      stopped: room.stopped[item.number] ?? item.sale === "stopped",
      soldThisMinute: selling && now_ms - selling.at_ms < MINUTE_MS ? selling.this_minute : 0,
      drop,
    };
  });
}

export function offerOf(piece: Piece, showId: string): Offer {
  const { item } = piece;
  // The room's "sold out" is younger than the variants that came with the page.
  const variants = piece.free === "out" ? item.variants.map((one) => ({ ...one, free: "out" as const })) : item.variants;
  return {
    product: item.product,
    axes: item.axes,
    variants,
    show: { id: showId, number: item.number },
    stopped: piece.stopped,
  };
}
