import { expect } from "vitest";
import { call, checkOut, putInBasket } from "../api.ts";
import { openBoutique, OWNER, planShow, stockProduct } from "../boutique.ts";
import { DESKTOP, person, withEvidence } from "../browser.ts";
import { story } from "../story.ts";

story("staff at work: a session that ends over an edit, a show in the past, the last piece sold over the counter", async ({ browser, house }) => {
  const owner = await person(browser, { url: house.url, size: DESKTOP });
  const anna = await person(browser, { url: house.url });
  await withEvidence("office", [owner.page, anna.page], async () => {
    const boutique = await openBoutique(house, owner.context);
    const belt = await stockProduct(owner.context, boutique, { title: "Woven belt", sku: "BELT", minor: 8_800, onHand: 1 });
    const scarf = await stockProduct(owner.context, boutique, { title: "Silk scarf", sku: "SCARF", minor: 19_800, onHand: 4 });
    const office = owner.page.getByTestId.bind(owner.page);

    // The session ends while somebody types: the page stays, and goes on where it was.
    await owner.page.goto(`/office/products/${belt}`);
    await office("product-title-en").fill("Hand-woven belt");
    await call(owner.context, "DELETE", "/sessions/current");
    await office("save-product").click();
    await office("lapsed").waitFor();
    expect(await office("email").inputValue()).toBe(OWNER.email);
    await office("password").fill(OWNER.password);
    await office("sign-in-submit").click();
    await office("lapsed").waitFor({ state: "detached" });
    expect(await office("product-title-en").inputValue()).toBe("Hand-woven belt");
    await office("save-product").click();
    const title = async () => (await call<{ texts: { title: Record<string, string> } }>(owner.context, "GET", `/office/products/${belt}`)).texts.title["en"];
    await expect.poll(title).toBe("Hand-woven belt");

    // A page that is opened without a session says why one has to sign in, and is come back to.
    await call(owner.context, "DELETE", "/sessions/current");
    await owner.page.goto("/studio/shows/new");
    await owner.page.getByText("Sign in to see that page").waitFor();
    await office("email").fill(OWNER.email);
    await office("password").fill(OWNER.password);
    await office("sign-in-submit").click();

    // A start in the past is a slip of the hand.
    await office("show-title-en").fill("Yesterday");
    await office("show-date").fill("2026-01-02");
    await office("create-show-submit").click();
    await owner.page.getByText("This time is over already").waitFor();
    expect(await call<{ items: unknown[] }>(owner.context, "GET", "/shows")).toMatchObject({ items: [] });

    // Anna holds the last belt while she pays; in the shop it goes over the counter. She is told, and charged nothing.
    const show = await planShow(owner.context, boutique, [belt, scarf]);
    await call(owner.context, "POST", `/shows/${show.id}/go-live`, {});
    await owner.page.goto(`/studio/shows/${show.id}/desk`);
    await putInBasket(anna.context, belt, { show_id: show.id, show_number: 1 });
    const held = await checkOut(anna.context);
    await office("desk-item-1").locator("[aria-expanded]").click();
    await office("sold-in-shop-1").click();
    await office("sold-BELT").click();
    await office("sold-in-shop-dialog").waitFor({ state: "detached" });
    await anna.page.goto(`/orders/${held.order_id}#${held.order_key}`);
    const state = anna.page.getByTestId("order-state");
    await expect.poll(() => state.getAttribute("data-state"), { timeout: 30_000 }).toBe("cancelled");

    // What is paid in pounds is counted in pounds, whatever the house's first currency.
    await putInBasket(anna.context, scarf, { show_id: show.id, show_number: 2 });
    const { payment } = await checkOut(anna.context);
    await call(anna.context, "POST", `/sandbox/payments/${payment.id}`, { outcome: "approve" });
    await expect.poll(() => office("gmv").innerText(), { timeout: 30_000 }).toBe("£198.00");
    expect([...owner.errors, ...anna.errors]).toEqual([]);
  });
});
