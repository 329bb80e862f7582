import type { Page } from "playwright-core";
import { expect } from "vitest";
import { call, type Money } from "../api.ts";
import { openBoutique, planShow, stockProduct } from "../boutique.ts";
import { DESKTOP, person, withEvidence } from "../browser.ts";
import { fillDetails, paidOrder, pay } from "../buying.ts";
import { say } from "../room.ts";
import { story } from "../story.ts";

story("a question: asked of all at once, answers that nobody sees, and a winner who pays the winner's price", async ({ browser, house }) => {
  const host = await person(browser, { url: house.url, size: DESKTOP });
  const [anna, bo, cleo] = await Promise.all([1, 2, 3].map(() => person(browser, { url: house.url })));
  const viewers = [anna!, bo!, cleo!];
  await withEvidence("trivia", [host.page, ...viewers.map(({ page }) => page)], async () => {
    const boutique = await openBoutique(house, host.context);
    const belt = await stockProduct(host.context, boutique, { title: "Woven belt", sku: "BELT", minor: 19_800, onHand: 1 });
    const show = await planShow(host.context, boutique, [belt]);
    await call(host.context, "POST", `/shows/${show.id}/go-live`, {});
    const desk = host.page.getByTestId.bind(host.page);
    await host.page.goto(`/studio/shows/${show.id}/desk`);
    for (const [name, { page }] of Object.entries({ Anna: viewers[0]!, Bo: viewers[1]!, Cleo: viewers[2]! })) {
      await page.goto(`/shows/${show.id}`);
      await say(page, name, `${name} is here`);
    }

    await desk("new-trivia").click();
    await desk("trivia-text").fill("Whose belt is this?");
    await desk("trivia-right").fill("Gucci\n1970s Gucci");
    await desk("trivia-save").click();
    await desk("trivia-arm").click();
    for (const { page } of viewers) await phase(page, "armed");

    // Asked, called off, asked again: nobody reads it before the countdown is over.
    await desk("trivia-fire").click();
    await viewers[0]!.page.getByTestId("trivia-countdown").waitFor();
    await desk("trivia-undo").click();
    await viewers[0]!.page.getByTestId("trivia-countdown").waitFor({ state: "detached" });
    await desk("trivia-fire").click();
    for (const { page } of viewers) await page.getByTestId("trivia-question").filter({ hasText: "Whose belt" }).waitFor();

    // Anna is wrong, Bo is right with a slip, Cleo is right after him.
    for (const [at, text] of ["Prada", "Guci!", "1970s gucci"].entries()) {
      const { page } = viewers[at]!;
      await page.getByTestId("chat-input").fill(text);
      await page.getByTestId("chat-send").click();
      await page.locator('[data-testid=chat-line][data-stage=taken]').filter({ hasText: text }).waitFor();
    }
    for (const { page } of viewers) await page.getByTestId("trivia-winner").waitFor();
    await viewers[0]!.page.getByTestId("trivia-winner").filter({ hasText: "Bo was first" }).waitFor();
    expect(await viewers[0]!.page.getByTestId("chat-line").filter({ hasText: /guc/i }).count(), "Anna reads nobody's answer").toBe(0);
    await viewers[2]!.page.getByText("You are next").waitFor();
    await desk("deck-winner").filter({ hasText: "Bo" }).waitFor();
    await desk("trivia-answers").click();
    await expect.poll(() => desk("trivia-answer").allInnerTexts()).toHaveLength(3);
    expect((await desk("trivia-answer").allInnerTexts()).map((row) => row.includes("has the prize"))).toEqual([false, true, false]);

    // £198.00 at 5 % off is £188.10, held for Bo alone.
    await viewers[1]!.page.getByTestId("trivia-price").filter({ hasText: "188.10" }).waitFor();
    await viewers[1]!.page.getByTestId("trivia-pay").click();
    await viewers[1]!.page.getByTestId("tab-pay").click();
    await fillDetails(viewers[1]!.page);
    await pay(viewers[1]!.page);
    await paidOrder(viewers[1]!.page);
    const { items } = await call<{ items: { id: string }[] }>(host.context, "GET", "/office/orders?state=paid");
    const order = await call<{ lines: { total: Money }[] }>(host.context, "GET", `/office/orders/${items[0]?.id}`);
    expect(order.lines.map(({ total }) => total.amount_minor)).toEqual([18_810]);
    expect([...host.errors, ...viewers.flatMap(({ errors }) => errors)]).toEqual([]);
  });
});

/** Waits until the banner says so. */
const phase = (page: Page, how: string) => page.locator(`[data-testid=trivia-banner][data-phase=${how}]`).waitFor();
