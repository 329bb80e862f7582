import type { ShowView, TrayItem } from "../../client/shapes.ts";
import type { RoomState } from "../../client/room/state.ts";
import { freeOf, leftOf, type Offer, priceOf } from "../buy/offer.ts";
import type { Free, Money } from "../../client/shapes.ts";

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
}

/** "Sold this minute" is shown for a minute after the till said so. */
const MINUTE_MS = 60_000;

export function pieces(show: ShowView, room: RoomState, now_ms: number): Piece[] {
  return show.tray.map((item) => {
    const price = priceOf(item.variants);
    const known = room.stock[item.number];
    const selling = room.selling[item.number];
    const soldOut = item.sale === "sold_out";
    const free = known?.free ?? (soldOut ? "out" : freeOf(item.variants));
    return {
      item,
      price: price?.price ?? null,
      was: price?.was ?? null,
      more: price?.more ?? false,
      free,
      left: free === "out" ? null : (known?.low_count ?? leftOf(item.variants)),
      stopped: room.stopped[item.number] ?? item.sale === "stopped",
      soldThisMinute: selling && now_ms - selling.at_ms < MINUTE_MS ? selling.this_minute : 0,
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
