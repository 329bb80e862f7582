import type { Checkout } from "../../client/shapes.ts";
import { bag } from "../buy/basket.svelte.ts";
import { leaveFor } from "../buy/way-back.ts";

export type SheetName =
  | { name: "variants"; number: number }
  | { name: "tray" }
  | { name: "ask" }
  | { name: "more" }
  | { name: "basket" }
  | { name: "tab" }
  | { name: "checkout"; of: "basket" | "tab" }
  | { name: "order"; id: string; key: string };

/** Which sheet lies over the show: one at a time, and the browser's back button closes it. */
export class Sheets {
  now = $state<SheetName | null>(null);
  #showId: string;

  constructor(showId: string) {
    this.#showId = showId;
  }

  open(sheet: SheetName): void {
    if (!this.now) history.pushState({ sheet: true }, "");
    this.now = sheet;
  }

  close = (): void => {
    if (!this.now) return;
    this.now = null;
    if ((history.state as { sheet?: boolean } | null)?.sheet) history.back();
  };

  /** The back button was pressed. */
  popped = (): void => {
    this.now = null;
  };

  /** An order stands: on to the payment page, with the way back kept, or straight to the order. */
  ordered = (checkout: Checkout): void => {
    void bag.load();
    const { order_id: id, order_key: key } = checkout;
    const pay_url = checkout.payment.redirect_url;
    if (checkout.payment.next === "redirect" && pay_url) {
      leaveFor({ order_id: id, key, show_id: this.#showId, pay_url, held_until: checkout.held_until ?? null });
      location.assign(pay_url);
      return;
    }
    this.now = { name: "order", id, key };
  };
}
