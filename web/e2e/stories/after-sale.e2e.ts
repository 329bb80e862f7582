import { expect } from "vitest";
import type { BrowserContext } from "playwright-core";
import { call, checkOut, putInBasket } from "../api.ts";
import { openBoutique, stockProduct } from "../boutique.ts";
import { DESKTOP, person, withEvidence } from "../browser.ts";
import { story } from "../story.ts";

/** Buys one piece and pays; the order's id, key and number. */
async function bought(context: BrowserContext, product: string): Promise<{ id: string; key: string; number: string }> {
  await putInBasket(context, product);
  const placed = await checkOut(context);
  await call(context, "POST", `/sandbox/payments/${placed.payment.id}`, { outcome: "approve" });
  const path = `/orders/${placed.order_id}/confirm?key=${placed.order_key}`;
  const order = await call<{ number: string; state: string }>(context, "POST", path);
  expect(order.state).toBe("paid");
  return { id: placed.order_id, key: placed.order_key, number: order.number };
}

story("after the sale: a piece comes back and is paid back, and another buyer withdraws without signing in", async ({ browser, house }) => {
  const owner = await person(browser, { url: house.url, size: DESKTOP });
  const anna = await person(browser, { url: house.url });
  const bea = await person(browser, { url: house.url, locale: "zh-CN" });
  await withEvidence("after-sale", [owner.page, anna.page, bea.page], async () => {
    const boutique = await openBoutique(house, owner.context);
    const belt = await stockProduct(owner.context, boutique, { title: "Woven belt", sku: "BELT", minor: 8_800, onHand: 3 });
    const order = await bought(anna.context, belt);
    await call(owner.context, "POST", `/orders/${order.id}/parcels`, { carrier: "UPS", tracking_number: "1Z999" });

    // Anna sends it back from her order's page.
    const hers = anna.page.getByTestId.bind(anna.page);
    await anna.page.goto(`/orders/${order.id}?key=${order.key}`);
    await hers("ask-return").click();
    await hers("return-reason").selectOption("damaged");
    await hers("return-submit").click();
    const step = () => hers("return").getAttribute("data-step");
    await expect.poll(step).toBe("requested");

    // In the shop it is received, and decided as a second step. As nothing is kept, sending comes back too.
    const office = owner.page.getByTestId.bind(owner.page);
    await owner.page.goto("/office/returns?step=requested");
    await office("return-row").click();
    await office("receive-return").click();
    await office("decide-return").click();
    await office("less").fill("8.00");
    await expect.poll(() => office("accept-dialog").getByTestId("sum-total").innerText()).toContain("89.00");
    await office("accept-confirm").click();
    await office("accept-dialog").waitFor({ state: "detached" });
    await expect.poll(() => office("return").getAttribute("data-step")).toBe("refunded");
    await anna.page.reload();
    await expect.poll(step).toBe("refunded");
    expect(await hers("comes-back").innerText()).toContain("89.00");

    // A second order's piece is missing when it is packed: another one is taken in its place.
    const second = await bought(anna.context, belt);
    await owner.page.goto(`/office/orders/${second.id}`);
    await office("pay-back").click();
    await office("pay-back-pieces").selectOption("1");
    await office("take-elsewhere").click();
    await office("pay-back-dialog").waitFor({ state: "detached" });
    expect(await call<{ version: number }>(owner.context, "GET", `/office/orders/${second.id}`)).toMatchObject({ version: 1 });

    // Before it is sent, its buyer withdraws: on another device, in Chinese, with the number and a phone.
    const theirs = bea.page.getByTestId.bind(bea.page);
    await bea.page.goto("/");
    await theirs("withdraw-link").click();
    await theirs("withdraw-number").fill(second.number);
    await theirs("withdraw-contact").fill("+44 7700 900999");
    await theirs("withdraw-find").click();
    await theirs("withdraw-error").waitFor();
    await theirs("withdraw-contact").fill("+44 7700 900123");
    await theirs("withdraw-find").click();
    await theirs("withdraw-confirm").click();
    await theirs("withdrawal-receipt").waitFor();
    const at = await theirs("received-at").getAttribute("datetime");
    expect(Math.abs(Date.now() - Date.parse(at ?? ""))).toBeLessThan(60_000);
    await expect.poll(async () => (await call<{ state: string }>(owner.context, "GET", `/office/orders/${second.id}`)).state).toBe("cancelled");
    expect([...owner.errors, ...anna.errors, ...bea.errors]).toEqual([]);
  });
});
