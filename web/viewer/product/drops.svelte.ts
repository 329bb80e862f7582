import { productDrops } from "../../client/drops.ts";
import type { Drop } from "../../client/room/wire.ts";
import { serverClock } from "../../ui/server-clock.svelte.ts";

/** A page that is looked at asks so often how its drops stand, ms: it has no socket to be told by. */
const ASK_MS = 3_000;
/** Where there is none, seldom. */
const NONE_MS = 30_000;

/** The drops of a product, by show. */
export class ProductDrops {
  byShow = $state.raw<[string, Drop[]][]>([]);

  constructor(private readonly product: string) {
    $effect(() => {
      let timer = 0;
      let over = false;
      const ask = async () => {
        if (document.visibilityState === "visible") await this.#load();
        if (!over) timer = window.setTimeout(() => void ask(), this.byShow.length > 0 ? ASK_MS : NONE_MS);
      };
      void ask();
      return () => {
        over = true;
        clearTimeout(timer);
      };
    });
  }

  async #load(): Promise<void> {
    const asked_ms = Date.now();
    // Without an answer, what was known stays.
    const answer = await productDrops(this.product).catch(() => null);
    if (!answer) return;
    serverClock.heard(asked_ms, Date.parse(answer.server_now));
    const found: Record<string, Drop[]> = {};
    for (const { show_id, drop } of answer.items) (found[show_id] ??= []).push(drop);
    this.byShow = Object.entries(found);
  }
}
