import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, type Money } from "../api.ts";
import { openBoutique, planShow, stockProduct } from "../boutique.ts";
import { DESKTOP, launch, person, withEvidence } from "../browser.ts";
import { fillDetails, paidOrder, pay } from "../buying.ts";
import { House } from "../house.ts";
import { say } from "../room.ts";

/** How wrong the clock of one viewer's device is, ms. */
const WRONG_BY_MS = 3_600_000;
const POSTAGE = 900;

let browser: Browser;
let house: House;

beforeAll(async () => {
  browser = await launch();
  house = await House.open();
});
afterAll(async () => {
  await browser.close();
  await house.close();
});

test("a drop of two: one countdown for all, two claims, a line, an offer, and one tab that is paid", async () => {
  const host = await person(browser, { url: house.url, size: DESKTOP });
  const [anna, bo, cleo] = [await viewer(), await viewer(), await viewer()];
  // A device whose clock is wrong counts down with the others.
  await bo.page.addInitScript((wrong) => {
    const right = Date.now;
    Date.now = () => right() + wrong;
  }, WRONG_BY_MS);
  await withEvidence("drop", [host.page, anna.page, bo.page, cleo.page], async () => {
    const boutique = await openBoutique(house, host.context);
    const belt = { title: "Woven belt", sku: "BELT", minor: 8_800, onHand: 2 };
    const scarf = { title: "Twill scarf", sku: "SCARF", minor: 19_800, onHand: 3 };
    const pieces = [];
    for (const piece of [belt, scarf]) pieces.push(await stockProduct(host.context, boutique, piece));
    const show = await planShow(host.context, boutique, pieces);
    await call(host.context, "POST", `/shows/${show.id}/go-live`, {});
    const desk = host.page.getByTestId.bind(host.page);
    await host.page.goto(`/studio/shows/${show.id}/desk`);
    for (const { page } of [anna, bo, cleo]) await page.goto(`/shows/${show.id}`);

    // Plan and arm it at the desk: two belts at £80, one for each buyer.
    await desk("new-drop").click();
    await desk("drop-quantity").fill("2");
    await desk("drop-price-GBP").fill("80");
    await desk("drop-save").click();
    await desk("arm").click();
    for (const { page } of [anna, bo, cleo]) await standing(page, "armed");

    // Fire, undo, fire again: everybody counts the same seconds.
    await desk("fire").click();
    await standing(anna.page, "counting");
    await desk("undo").click();
    await standing(anna.page, "armed");
    await desk("fire").click();
    for (const { page } of [anna, bo]) await standing(page, "counting");
    const [left, right] = await Promise.all([anna, bo].map(({ page }) => secondsLeft(page)));
    expect(Math.abs(left! - right!), `Anna sees ${left} s, Bo ${right} s`).toBeLessThanOrEqual(1);

    // It opens by itself. Anna and Bo claim; for Cleo there is the line.
    for (const { page } of [anna, bo]) {
      await goes(page, "claim");
      await page.getByTestId("drop-go").click();
      await page.getByTestId("held").waitFor();
    }
    await goes(cleo.page, "wait");
    await cleo.page.getByTestId("drop-go").click();
    await goes(cleo.page, "place");
    await cleo.page.getByTestId("drop-go").filter({ hasText: "1st" }).waitFor();
    await host.page.getByTestId("drop-1").filter({ hasText: "1 waiting" }).waitFor();

    // Anna lets go: it is offered to Cleo at once.
    await anna.page.getByTestId("held").click();
    await anna.page.getByTestId("let-go").click();
    await anna.page.getByTestId("let-go-confirm").click();
    await cleo.page.getByTestId("held").waitFor();

    // Cleo asks for a scarf in the chat, and the desk sets one aside.
    await say(cleo.page, "Cleo", "Could you keep a scarf for me?");
    await host.page.getByTestId("desk-chat-line").filter({ hasText: "keep a scarf" }).getByTestId("set-aside").click();
    await desk("aside-number").selectOption("2");
    await desk("set-aside-confirm").click();
    await desk("tab-tabs").click();
    await host.page.getByTestId("buyer-tab").filter({ hasText: "Cleo" }).filter({ hasText: "Twill scarf" }).waitFor();

    // One tab, one order, one postage.
    await cleo.page.getByTestId("held").click();
    await expect.poll(() => cleo.page.getByTestId("tab-claim").count()).toBe(2);
    await cleo.page.getByTestId("tab-pay").click();
    await fillDetails(cleo.page);
    await pay(cleo.page);
    await paidOrder(cleo.page);
    const { items } = await call<{ items: { id: string }[] }>(host.context, "GET", "/office/orders?state=paid");
    expect(items.length, "orders that are paid").toBe(1);
    const order = await call<Order>(host.context, "GET", `/office/orders/${items[0]?.id}`);
    expect(order.lines.map(({ title, total }) => [title, total.amount_minor]).sort()).toEqual([
      ["Twill scarf", 19_800],
      ["Woven belt", 8_000],
    ]);
    expect(order.totals.shipping?.amount_minor, "one delivery for both").toBe(POSTAGE);
    expect([...host.errors, ...anna.errors, ...bo.errors, ...cleo.errors]).toEqual([]);
  });
});

interface Order {
  lines: { title: string; total: Money }[];
  totals: { shipping: Money | null };
}

const viewer = () => person(browser, { url: house.url });

/** Waits until the banner says so. */
const standing = (page: Page, how: string) => page.locator(`[data-testid=drop-banner][data-standing=${how}]`).waitFor();
/** Waits until the banner's button does this. */
const goes = (page: Page, does: string) => page.locator(`[data-testid=drop-go][data-does=${does}]`).waitFor();

/** What the countdown shows now, in seconds. */
async function secondsLeft(page: Page): Promise<number> {
  const text = await page.getByTestId("drop-countdown").getByRole("timer").innerText();
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
