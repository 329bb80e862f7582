import { shows } from "../../client/buyer.ts";
import type { ShowCard } from "../../client/shapes.ts";

/** The neighbours are asked for once the room itself has what it needs, ms. */
const AFTER_MS = 2_500;

/** The show before or after another in the ring; null where there is no other. */
export function beside(ring: readonly ShowCard[], id: string, step: 1 | -1): ShowCard | null {
  const place = ring.findIndex((one) => one.id === id);
  const next = place === -1 ? ring[0] : ring[(place + step + ring.length) % ring.length];
  return next && next.id !== id ? next : null;
}

/** What else is on, then what comes next: where a swipe leads. */
export class Neighbours {
  #ring = $state.raw<ShowCard[]>([]);

  constructor(private readonly id: string) {
    $effect(() => {
      const timer = setTimeout(() => {
        // Without an answer there is nowhere to swipe to, and nothing is missed.
        Promise.all([shows("live"), shows("coming")]).then(
          ([live, coming]) => (this.#ring = [...live.items, ...coming.items]),
          () => undefined,
        );
      }, AFTER_MS);
      return () => clearTimeout(timer);
    });
  }

  get next(): ShowCard | null {
    return beside(this.#ring, this.id, 1);
  }
  get previous(): ShowCard | null {
    return beside(this.#ring, this.id, -1);
  }
}
