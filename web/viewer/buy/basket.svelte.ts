import { acceptPrices, basket, type Delivered, dropLine, type FromShow, putLine } from "../../client/buyer.ts";
import type { Basket } from "../../client/shapes.ts";
import { market } from "../../ui/market.svelte.ts";
import { codes } from "./codes.svelte.ts";

/** The buyer's basket as the server last told it: nothing is shown ahead of its answer. */
class BasketState {
  now = $state.raw<Basket | null>(null);
  error = $state.raw<unknown>(null);
  /** The variant whose line is being changed. */
  busy = $state<string | null>(null);

  /** The delivery that the buyer chose; the server takes the cheapest until then. */
  #shipping: string | undefined;

  get #delivered(): Delivered {
    return { ...market.query, shipping_id: this.#shipping, codes: codes.list.join() || undefined };
  }

  /** Asks what the basket costs with another delivery. */
  async ship(shipping_id: string): Promise<void> {
    this.#shipping = shipping_id;
    await this.load();
  }

  /** Pieces in it. */
  get count(): number {
    return this.now?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0;
  }

  /** It cannot be checked out as it stands: a line is gone, or has a price to be accepted. */
  get refused(): boolean {
    return this.now !== null && (this.now.lines.length === 0 || this.now.lines.some((line) => line.problem || line.needs_acceptance));
  }

  async load(): Promise<void> {
    try {
      this.now = await basket(this.#delivered);
      this.#shipping = this.now.shipping_id ?? undefined;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  /** Sets a line's quantity. Throws the server's refusal. */
  put(variant_id: string, quantity: number, from?: FromShow): Promise<void> {
    return this.#change(variant_id, () => putLine(variant_id, quantity, this.#delivered, from));
  }

  drop(variant_id: string): Promise<void> {
    return this.#change(variant_id, () => dropLine(variant_id, this.#delivered));
  }

  async accept(): Promise<void> {
    if (this.now) this.now = await acceptPrices(this.now.version, this.#delivered);
  }

  quantityOf(variant_id: string): number {
    return this.now?.lines.find((line) => line.variant_id === variant_id && !line.gift)?.quantity ?? 0;
  }

  async #change(variant_id: string, act: () => Promise<Basket | undefined>): Promise<void> {
    this.busy = variant_id;
    try {
      const answer = await act();
      if (answer) this.now = answer;
      else await this.load();
    } finally {
      this.busy = null;
    }
  }
}

export const bag = new BasketState();
