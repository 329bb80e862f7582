import { type Bill, tabBill } from "../../client/drops.ts";
import { market } from "../../ui/market.svelte.ts";
import { codes } from "./codes.svelte.ts";
import { tabs } from "./tabs.svelte.ts";

/** What a show's tab comes to, asked anew whenever what is held, the market or the delivery changes. */
export function billOf(show: () => string) {
  let now = $state.raw<Bill | null>(null);
  let error = $state.raw<unknown>(null);
  let shipping = $state<string | undefined>();
  let turn = $state(0);
  /** As text, so that a tab told anew without a change asks nothing. */
  const held = $derived(tabs.held(show()).map((one) => one.id).join());
  const ids = $derived(held === "" ? [] : held.split(","));

  $effect(() => {
    void turn;
    const at = market.now;
    if (ids.length === 0 || !at) return;
    const stop = new AbortController();
    tabBill(show(), { ...at, claims: ids, shipping_id: shipping, codes: codes.list }, stop.signal).then(
      (bill) => ([now, error] = [bill, null]),
      (failed: unknown) => {
        if (!stop.signal.aborted) error = failed;
      },
    );
    return () => stop.abort();
  });

  return {
    /** The claims that it is of. */
    get claims() {
      return ids;
    },
    get now() {
      return ids.length > 0 ? now : null;
    },
    get error() {
      return error;
    },
    ship(id: string) {
      shipping = id;
    },
    again() {
      turn += 1;
    },
  };
}
