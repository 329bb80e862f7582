import type { BrowserContext } from "playwright-core";
import { expect } from "vitest";
import { call, checkOut, putInBasket, type CheckoutAnswer, type Money } from "../api.ts";
import { openBoutique, stockProduct } from "../boutique.ts";
import { person } from "../browser.ts";
import type { House } from "../house.ts";
import { story } from "../story.ts";

const BUYERS = 6;
/** How long after the payment the plug is pulled: before, during and after the confirmation, as it falls. */
const PULLED_AFTER_MS = [0, 1, 3, 8, 20, 60];

interface OfficeOrder {
  id: string;
  state: string;
  totals: { total: Money };
  payments?: { kind: string; amount: Money }[];
}

story("kill -9 between payment and confirmation loses no order and charges nobody twice", async ({ browser, house }) => {
  const owner = await person(browser, { url: house.url });
  const boutique = await openBoutique(house, owner.context);
  const belt = { title: "Woven belt", sku: "BELT", minor: 8_800, onHand: BUYERS };
  const product = await stockProduct(owner.context, boutique, belt);

  for (const pause of PULLED_AFTER_MS) {
    const buyer = await person(browser, { url: house.url });
    await putInBasket(buyer.context, product);
    const order = await checkOut(buyer.context);
    await payAndPull(house, buyer.context, order, pause);
    await house.start();

    // The buyer's browser comes back, twice at once, and the webhook may do the same.
    await settle(buyer.context, order);
    const confirm = () => call<{ state: string }>(buyer.context, "POST", confirmPath(order));
    const seen = await Promise.all([confirm(), confirm(), confirm()]);
    expect(seen.map(({ state }) => state), `the plug pulled after ${pause} ms`).toEqual(["paid", "paid", "paid"]);
    await buyer.context.close();
  }

  const { items } = await call<{ items: OfficeOrder[] }>(owner.context, "GET", "/office/orders?state=paid&limit=100");
  expect(items.length, "every order is there").toBe(PULLED_AFTER_MS.length);
  for (const { id } of items) {
    const { payments = [], totals } = await call<OfficeOrder>(owner.context, "GET", `/office/orders/${id}`);
    const captured = payments.filter(({ kind }) => kind === "captured").map(({ amount }) => amount.amount_minor);
    expect(captured, "charged once, the total").toEqual([totals.total.amount_minor]);
  }
  const late = await person(browser, { url: house.url });
  await expect(putInBasket(late.context, product), "sold is what there was").rejects.toThrow("nothing of product");
});

const confirmPath = (order: CheckoutAnswer) =>
  `/orders/${order.order_id}/confirm?key=${encodeURIComponent(order.order_key)}`;
const payment = (order: CheckoutAnswer) => `/sandbox/payments/${order.payment.redirect_url?.split("/").pop()}`;

/** The buyer approves at the provider, and the house dies `pause` ms later, whatever it is doing. */
async function payAndPull(house: House, buyer: BrowserContext, order: CheckoutAnswer, pause: number): Promise<void> {
  const approving = call(buyer, "POST", payment(order), { outcome: "approve" }).then(
    () => call(buyer, "POST", confirmPath(order)),
  );
  // Whichever of the two calls the kill interrupts has no answer; what counts is what is found afterwards.
  const done = approving.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, pause));
  await house.kill9();
  await done;
}

/** The provider has the payment, or the buyer approves again there, as one does when the page did not answer. */
async function settle(buyer: BrowserContext, order: CheckoutAnswer): Promise<void> {
  const { state } = await call<{ state: string }>(buyer, "GET", payment(order));
  if (state === "open" || state === "created" || state === "pending") {
    await call(buyer, "POST", payment(order), { outcome: "approve" });
  }
}
