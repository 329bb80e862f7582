import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, signIn } from "./api.ts";
import { DESKTOP, launch, person, withEvidence } from "./browser.ts";
import { paidOrder, pay, reachLastButton } from "./buying.ts";
import { pictureMoves } from "./picture.ts";
import { demo } from "./settings.ts";

const ready = demo();
const SAID = `Does the silk crease? ${Date.now() % 10_000}`;
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test("the demo, as a viewer, a host and the office see it", async () => {
  const viewer = await person(browser, { url: ready.url });
  const staff = await person(browser, { url: ready.url, size: DESKTOP });
  await withEvidence("smoke", [viewer.page, staff.page], async () => {
    await viewer.page.goto("/");
    await viewer.page.locator(`a[href*="/shows/${ready.show}"]`).first().click();
    await pictureMoves(viewer.page);

    await signIn(staff.context, ready.staff.find(({ role }) => role === "owner")!);
    await staff.page.goto(`/studio/shows/${ready.show}/desk`);
    await staff.page.getByTestId("pin-2").click();
    await expect.poll(() => viewer.page.getByTestId("pinned-card").innerText(), { timeout: 20_000 }).toMatch(/\b2\b/);

    await viewer.page.getByTestId("chat-input").fill(SAID);
    await viewer.page.getByTestId("chat-send").click();
    await viewer.page.getByTestId("chat-name").fill("Claire");
    await viewer.page.getByTestId("chat-name-go").click();
    await staff.page.getByText(SAID).first().waitFor();
    await viewer.page.getByTestId("chat-line").filter({ hasText: SAID }).first().waitFor();

    await reachLastButton(viewer.page);
    await pay(viewer.page);
    const { number } = await paidOrder(viewer.page);
    await staff.page.goto("/office");
    await staff.page.getByTestId("order-row").filter({ hasText: number }).waitFor();
    const { items } = await call<{ items: { number: string; state: string }[] }>(
      staff.context,
      "GET",
      "/office/orders?state=paid",
    );
    expect(items.map((order) => String(order.number))).toContain(number);
    expect([...viewer.errors, ...staff.errors]).toEqual([]);
  });
});
