import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { call } from "../api.ts";
import { openBoutique, planShow, stockProduct } from "../boutique.ts";
import { DESKTOP, person, withEvidence } from "../browser.ts";
import { fillDetails, paidOrder, pay } from "../buying.ts";
import { story } from "../story.ts";

story("a buyer who came back buys with one tap: a piece, one of a drop, and what is held; then has it forgotten", async ({ browser, house }) => {
  const host = await person(browser, { url: house.url, size: DESKTOP });
  const anna = await person(browser, { url: house.url });
  await withEvidence("one-tap", [host.page, anna.page], async () => {
    const boutique = await openBoutique(house, host.context);
    const belt = { title: "Woven belt", sku: "BELT", minor: 8_800, onHand: 4 };
    const scarf = { title: "Twill scarf", sku: "SCARF", minor: 19_800, onHand: 5 };
    const pieces = [];
    for (const piece of [belt, scarf]) pieces.push(await stockProduct(host.context, boutique, piece));
    const show = await planShow(host.context, boutique, pieces);
    await call(host.context, "POST", `/shows/${show.id}/go-live`, {});
    await signIn(anna.page, host.context, "anna@example.com");

    // The first time she types everything, and wants it kept.
    const show_page = `/shows/${show.id}`;
    await anna.page.goto(show_page);
    await openSheet(anna.page, 1);
    await expect.poll(() => anna.page.getByTestId("one-tap").count()).toBe(0);
    await anna.page.getByTestId("sheet-buy").click();
    await fillDetails(anna.page);
    await anna.page.getByTestId("remember").check();
    await pay(anna.page);
    await paidOrder(anna.page);

    // From now on one tap orders and pays; what it comes to stands above it.
    await anna.page.goto(show_page);
    await openSheet(anna.page, 2);
    const tap = anna.page.getByTestId("tap-pay");
    await expect.poll(() => tap.innerText()).toMatch(/pay £207\.00\s+Visa ··4242 · to London/);
    await expect.poll(() => anna.page.getByTestId("one-tap").innerText()).toMatch(/Delivery\s+£9\.00/);
    await tap.click();
    const first = await paidOrder(anna.page);
    await anna.page.getByTestId("to-the-show").click();

    // In a drop the piece is claimed and paid at once, at the drop's price.
    const { variants } = await call<{ variants: { id: string }[] }>(host.context, "GET", `/office/products/${pieces[1]}`);
    const drop = await call<{ id: string }>(host.context, "POST", `/studio/shows/${show.id}/drops`, {
      number: 2,
      variant_id: variants[0]!.id,
      unit: [{ amount_minor: 15_000, currency: "GBP" }],
      quantity: 3,
      limit: 2,
      hold: { minutes: 5 },
    });
    await call(host.context, "POST", `/studio/drops/${drop.id}/arm`, {});
    await call(host.context, "POST", `/studio/drops/${drop.id}/fire`, { lead_ms: 0 });
    await anna.page.locator("[data-testid=drop-go][data-does=claim]").waitFor();
    await openSheet(anna.page, 2);
    await expect.poll(() => tap.innerText()).toContain("£159.00");
    await tap.click();
    const second = await paidOrder(anna.page);
    await anna.page.getByTestId("to-the-show").click();

    // Claimed first and paid later: the tab has the same button.
    await anna.page.getByTestId("drop-go").click();
    await anna.page.getByTestId("held").click();
    await expect.poll(() => tap.innerText()).toContain("£159.00");
    await tap.click();
    const third = await paidOrder(anna.page);
    expect(new Set([first.number, second.number, third.number]).size, "three orders").toBe(3);

    // She looks at what is kept, and has it forgotten.
    await anna.page.goto("/account");
    await anna.page.getByTestId("forget-method").click();
    await anna.page.getByTestId("forget-address").click();
    await anna.page.getByTestId("nothing-kept").waitFor();
    await anna.page.goto(show_page);
    await openSheet(anna.page, 1);
    await anna.page.getByTestId("landed").waitFor();
    expect(await anna.page.getByTestId("one-tap").count()).toBe(0);
    expect([...host.errors, ...anna.errors]).toEqual([]);
  });
});

/** Opens the sheet of a number out of the tray. */
async function openSheet(page: Page, number: number): Promise<void> {
  await page.getByTestId("bag").click();
  await page.locator(`[data-testid=tray-item][data-number="${number}"]`).getByRole("button").first().click();
  await page.getByTestId("variant-sheet").waitFor();
}

/** Signs in by the link that comes by mail. */
async function signIn(page: Page, office: BrowserContext, email: string): Promise<void> {
  await page.goto("/account");
  await page.getByRole("button", { name: "E-mail" }).click();
  await page.locator('[name="email"]').fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  let link = "";
  await expect
    .poll(async () => {
      const { items } = await call<{ items: { to: string; text: string }[] }>(office, "GET", "/sent-messages");
      link = /\/account\?token=\S+/.exec(items.find(({ to }) => to === email)?.text ?? "")?.[0] ?? "";
      return link;
    })
    .not.toBe("");
  await page.goto(link);
  await page.getByRole("heading", { name: email }).waitFor();
}
