import type { Page } from "playwright-core";

/** From the pinned product in the room to a paid order, as a buyer clicks it; returns the order's number. */
export async function buy(page: Page): Promise<string> {
  await page.getByTestId("pinned-card").getByTestId("buy").click();
  await page.getByTestId("variant-sheet").waitFor();
  await page.getByTestId("sheet-buy").click();
  await fillCheckout(page);
  await page.getByTestId("place-order").click();
  await page.getByTestId("pay-approve").click();
  await page.waitForURL(/\/orders\//);
  const number = page.getByTestId("order-number");
  await number.waitFor();
  return (await number.innerText()).replace(/[^0-9A-Z-]/g, "");
}

/** The buyer's own details, wherever the checkout shows itself: a sheet in the room or the page. */
export async function fillCheckout(page: Page): Promise<void> {
  const field = (name: string) => page.locator(`[name="${name}"]`);
  await field("name").fill("Claire Martin");
  await field("phone").fill("+33612345678");
  await field("address-line1").fill("12 rue de Sèvres");
  await field("postal-code").fill("75007");
  await field("city").fill("Paris");
}
