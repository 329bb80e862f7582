import { expect } from "vitest";
import type { Page } from "playwright-core";

/** What the sandbox's payment page can be told, by the buttons on it. */
export type Payment = "approve" | "decline";

/** Opens the pinned product's sheet and fills in the buyer's own details, up to the last button. */
export async function reachLastButton(page: Page): Promise<void> {
  await page.getByTestId("pinned-card").getByTestId("buy").click();
  const sheet = page.getByTestId("variant-sheet");
  await sheet.waitFor();
  for (const axis of await sheet.getByRole("radiogroup").all()) await axis.locator("label").first().click();
  await sheet.getByTestId("sheet-buy").click();
  await fillDetails(page);
}

/** Fills in who buys and where it goes, as a person in London would. */
export async function fillDetails(page: Page): Promise<void> {
  await page.getByTestId("checkout-form").waitFor();
  const fill = (name: string, text: string) => page.locator(`[name="${name}"]`).fill(text);
  await fill("name", "Claire Martin");
  await fill("phone", "+447700900123");
  await fill("address-line1", "12 New Bond Street");
  await fill("city", "London");
  await fill("postal-code", "W1S 3SS");
}

/** Presses the button that names the obligation to pay, and pays on the provider's page. */
export async function pay(page: Page, payment: Payment = "approve"): Promise<void> {
  await page.getByTestId("place-order").click();
  await page.waitForURL(/\/sandbox\/pay\//);
  await page.getByTestId(`pay-${payment}`).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sandbox/"));
}

/** The paid order on the screen, as a sheet over the show or as its page: its number, and the address of its page. */
export async function paidOrder(page: Page): Promise<{ number: string; address: string }> {
  const state = page.getByTestId("order-state");
  await state.waitFor();
  await expect.poll(() => state.getAttribute("data-state"), { timeout: 30_000 }).toBe("paid");
  const text = await page.getByTestId("order-number").innerText();
  const number = /[0-9A-Z]*[0-9][0-9A-Z-]*/i.exec(text)?.[0];
  if (!number) throw new Error(`no order number in "${text}"`);
  const own = new URL(page.url()).pathname.startsWith("/orders/");
  const address = own ? page.url() : await page.locator('a[href^="/orders/"]').first().getAttribute("href");
  return { number, address: address ?? "" };
}
