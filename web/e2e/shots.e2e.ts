import { writeFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { call, checkOut, type Money, putInBasket, signIn } from "./api.ts";
import { aired } from "./aired.ts";
import { seriousFindings } from "./axe.ts";
import { DESKTOP, PHONE, launch, person } from "./browser.ts";
import { pages, type Looker, type Made, type Shot } from "./pages.ts";
import { contactSheet, type Taken } from "./sheet.ts";
import { demo, setting } from "./settings.ts";

interface TrayItem {
  number: number;
  product: { id: string };
  variants: { free: string; price: Money | null }[];
}

const SIZES = { phone: PHONE, desktop: DESKTOP } as const;
const LANGUAGES = { en: "en-GB", zh: "zh-CN" } as const;
/** What loads late (pictures, fonts, the first frames of a video) gets this long to settle. */
const SETTLE_MS = 700;

const ready = demo();
const folder = setting("TRUNKSHOW_SHOTS");
const made: Made = { payment: "/", invitation: "/", ended: "/", recorded: "", mispriced: "" };
const taken: Taken[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
  await prepare();
});

afterAll(async () => {
  writeFileSync(`${folder}/index.html`, contactSheet(taken));
  for (const language of Object.keys(LANGUAGES)) {
    const { context, page } = await person(browser, { url: ready.url, size: DESKTOP });
    writeFileSync(`${folder}/sheet-${language}.html`, contactSheet(taken.filter((shot) => shot.language === language)));
    await page.goto(`file://${folder}/sheet-${language}.html`);
    await page.screenshot({ path: `${folder}/sheet-${language}.png`, fullPage: true });
    await context.close();
  }
  await browser.close();
});

/** A payment that waits, an open invitation and shows that are over, for the pages that show them. */
async function prepare(): Promise<void> {
  const buyer = await person(browser, { url: ready.url });
  await putInBasket(buyer.context, ready.product);
  const { payment } = await checkOut(buyer.context);
  made.payment = payment.redirect_url ?? "/";
  const { items } = await call<{ items: { id: string }[] }>(buyer.context, "GET", "/shows?state=ended");
  made.ended = `/shows/${items[0]?.id}`;
  const boss = await person(browser, { url: ready.url });
  await signIn(boss.context, owner());
  const email = "assistant@example.com";
  await call(boss.context, "POST", "/invitations", { email, role: "assistant", scope: { kind: "house" } });
  made.mispriced = await sellAtAWrongPrice(boss.context);
  const offer = { name: { en: "Silk week", zh: "丝绸周" }, code: "SILK10", gives: { kind: "percent", basis_points: 1_000 } };
  await call(boss.context, "POST", "/office/offers", { ...offer, from: new Date().toISOString(), uses: 100, combinable: true });
  const patience = { timeout: 30_000, interval: 500 };
  await vi.waitFor(async () => (made.invitation = await invited(boss.context, email)), patience);
  made.recorded = await aired(boss.context, ready.rtmp);
  await Promise.all([buyer.context.close(), boss.context.close()]);
}

/** A piece of the show on air is sold at half its price, which is then put right; returns its product. */
async function sellAtAWrongPrice(staff: BrowserContext): Promise<string> {
  const buyer = await person(browser, { url: ready.url });
  const { tray } = await call<{ tray: TrayItem[] }>(buyer.context, "GET", `/shows/${ready.show}?currency=GBP&country=GB`);
  const item = tray.find(({ variants }) => variants.some(({ price, free }) => price && free !== "out"));
  const price = item?.variants.find((one) => one.price)?.price;
  if (!item || !price) throw new Error("nothing of the show on air can be bought in London");
  const reprice = (amount_minor: number) =>
    call(staff, "POST", `/shows/${ready.show}/items/${item.number}/reprice`, { prices: [{ ...price, amount_minor }] });
  await reprice(Math.round(price.amount_minor / 2));
  await putInBasket(buyer.context, item.product.id);
  const { order_id, order_key, payment } = await checkOut(buyer.context);
  await call(buyer.context, "POST", `/sandbox/payments/${payment.id}`, { outcome: "approve" });
  await call(buyer.context, "POST", `/orders/${order_id}/confirm?key=${encodeURIComponent(order_key)}`);
  await reprice(price.amount_minor);
  await buyer.context.close();
  return item.product.id;
}

/** The link of the letter that invites; throws until it went out. */
async function invited(staff: BrowserContext, email: string): Promise<string> {
  const sent = await call<{ items: { to: string; text: string }[] }>(staff, "GET", "/sent-messages");
  const letter = sent.items.find(({ to }) => to === email);
  const link = /https?:\/\/\S+\/invitation\?\S+/.exec(letter?.text ?? "")?.[0];
  if (!link) throw new Error(`no letter with an invitation went to ${email}`);
  return link;
}

function owner(): { email: string; password: string } {
  const found = ready.staff.find(({ role }) => role === "owner");
  if (!found) throw new Error("the demo has no owner");
  return found;
}

async function become(context: BrowserContext, looker: Looker): Promise<void> {
  if (looker === "owner") await signIn(context, owner());
  else await putInBasket(context, ready.product);
}

async function settle(page: Page, shot: Shot): Promise<void> {
  await page.waitForLoadState("load");
  await page.waitForFunction(() => document.querySelector("main, [role=main], h1") !== null);
  if (shot.press) await page.getByTestId(shot.press).click();
  if (shot.video) {
    await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2);
  }
  await page.evaluate(() => document.fonts.ready.then(() => true));
  await page.waitForTimeout(SETTLE_MS);
}

for (const [sizeName, size] of Object.entries(SIZES)) {
  for (const [language, locale] of Object.entries(LANGUAGES)) {
    for (const looker of ["viewer", "owner"] as const) {
      describe(`${sizeName} ${language} as ${looker}`, () => {
        let visit: Awaited<ReturnType<typeof person>>;
        beforeAll(async () => {
          visit = await person(browser, { url: ready.url, size, locale });
          await become(visit.context, looker);
        });
        afterAll(() => visit.context.close());

        test.each(pages.filter((shot) => shot.looker === looker))("$name", async (shot) => {
          await visit.page.goto(shot.path(ready, made));
          await settle(visit.page, shot);
          const file = `${shot.name}-${sizeName}-${language}.png`;
          await visit.page.screenshot({ path: `${folder}/${file}` });
          taken.push({ name: shot.name, size: sizeName, language, file });
          const width = await visit.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(await seriousFindings(visit.page), "what axe finds").toEqual([]);
          expect(width, "pixels by which the page is wider than the window").toBeLessThanOrEqual(0);
          expect(visit.errors.splice(0), "errors that the page threw").toEqual([]);
        });
      });
    }
  }
}
