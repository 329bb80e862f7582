import { confirmOrder, order as askOrder } from "../../client/buyer.ts";
import type { OrderView } from "../../client/shapes.ts";

/** While a payment is open, the order is asked for again this often, ms. */
const FOLLOW_MS = 2_000;

/** Follows one order: confirms it as the browser's return does, then asks on while the payment is open. */
export function following(id: () => string, key: () => string) {
  let now = $state.raw<OrderView | null>(null);
  let error = $state.raw<unknown>(null);
  let turn = $state(0);

  $effect(() => {
    void turn;
    const order_id = id();
    const order_key = key();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const take = (answer: OrderView) => {
      if (gone) return;
      now = answer;
      error = null;
      if (answer.state === "awaiting_payment") timer = setTimeout(() => void ask(confirm), FOLLOW_MS);
    };
    const confirm = () => confirmOrder(order_id, order_key);
    async function ask(command: () => Promise<OrderView>) {
      try {
        take(await command());
      } catch (failed) {
        if (gone) return;
        // An order that cannot be confirmed (another's payment, an old link) can still be looked at.
        if (command === confirm) return void ask(() => askOrder(order_id, order_key));
        error = failed;
      }
    }
    void ask(confirm);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  });

  return {
    get now() {
      return now;
    },
    get error() {
      return error;
    },
    again() {
      turn += 1;
    },
  };
}
