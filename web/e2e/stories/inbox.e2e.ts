import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { call } from "../api.ts";
import { openBoutique, planShow, stockProduct } from "../boutique.ts";
import { DESKTOP, person, withEvidence } from "../browser.ts";
import { roomAct, say } from "../room.ts";
import { story } from "../story.ts";

story("questions answered for all, for one and on camera; a poll with one vote each; a line that stays in sight", async ({ browser, house }) => {
  const host = await person(browser, { url: house.url, size: DESKTOP });
  const [anna, bo] = [await person(browser, { url: house.url }), await person(browser, { url: house.url, locale: "zh-CN" })];
  const wide = await person(browser, { url: house.url, size: DESKTOP });
  await withEvidence("inbox", [host.page, anna.page, bo.page, wide.page], async () => {
    const boutique = await openBoutique(house, host.context);
    const belt = await stockProduct(host.context, boutique, { title: "Woven belt", sku: "BELT", minor: 19_800, onHand: 5 });
    const show = await planShow(host.context, boutique, [belt]);
    await call(host.context, "POST", `/shows/${show.id}/go-live`, {});
    await roomAct(host.context, show.id, { t: "pin", number: 1 });
    await host.page.goto(`/studio/shows/${show.id}/desk`);
    const desk = host.page.getByTestId.bind(host.page);
    for (const { page } of [anna, bo, wide]) await page.goto(`/shows/${show.id}`);
    await say(anna.page, "Anna", "Is it woven by hand?");
    await say(bo.page, "小波", "可以寄到上海吗");
    await say(wide.page, "Cleo", "Love the buckle");

    // What reads like a question waits at the desk; the answer is seen by all, or by who asked.
    await desk("tab-questions").filter({ hasText: "2" }).click();
    await answer(question(desk("questions"), "woven by hand"), "By hand, in Lyon.");
    await lineOf(wide.page, "By hand, in Lyon.").filter({ hasText: "Is it woven by hand?" }).waitFor();
    await answer(question(desk("questions"), "上海"), "可以，约五天。", true);
    await lineOf(bo.page, "可以，约五天。").filter({ hasText: "仅您可见" }).waitFor();
    await bo.page.reload();
    await lineOf(bo.page, "可以，约五天。").waitFor();
    expect(await lineOf(anna.page, "可以，约五天。").count(), "Anna is not told what Bo alone was").toBe(0);

    // A line is marked, answered on camera, and pinned by the keyboard.
    await desk("tab-chat").click();
    const line = desk("desk-chat-line").filter({ hasText: "Love the buckle" });
    await line.getByTestId("mark-question").focus();
    await host.page.keyboard.press("Enter");
    await line.getByTestId("pin-comment").focus();
    await host.page.keyboard.press("Enter");
    await anna.page.getByTestId("pinned-comment").filter({ hasText: "Love the buckle" }).waitFor();
    await desk("tab-questions").click();
    await question(desk("questions"), "Love the buckle").getByTestId("answer-on-air").click();
    await lineOf(anna.page, "Answered on camera").waitFor();

    // A poll: one vote each, its spread for everybody, and its result until it is taken down.
    await desk("new-poll").click();
    await desk("poll-question").fill("Which one next?");
    await desk("poll-choices").fill("The red one\nThe blue one\nBoth");
    await desk("open-poll").click();
    await anna.page.getByTestId("poll-choice").nth(1).click();
    await wide.page.getByTestId("poll-choice").nth(1).press("Enter");
    await bo.page.getByTestId("poll-choice").first().click();
    await expect.poll(() => anna.page.getByTestId("poll-result").allInnerTexts(), SOON).toEqual([
      expect.stringContaining("33 %"),
      expect.stringContaining("67 %"),
      expect.stringContaining("0 %"),
    ]);
    await anna.page.reload();
    await anna.page.getByTestId("poll-result").first().waitFor();
    await desk("close-poll").click();
    await bo.page.locator("[data-testid=poll][data-phase=closed]").waitFor();
    await desk("clear-poll").click();
    await bo.page.getByTestId("poll").waitFor({ state: "detached" });

    // The tray and the product's page keep what was answered for all.
    await anna.page.getByTestId("bag").click();
    await anna.page.getByTestId("tray-answers").click();
    await anna.page.getByTestId("answers").filter({ hasText: "By hand, in Lyon." }).waitFor();
    await wide.page.goto(`/products/${belt}`);
    await wide.page.getByTestId("answers").filter({ hasText: "By hand, in Lyon." }).waitFor();
    expect(await wide.page.getByText("约五天").count()).toBe(0);
    expect([...host.errors, ...anna.errors, ...bo.errors, ...wide.errors]).toEqual([]);
  });
});

const SOON = { timeout: 30_000, interval: 250 };

const question = (board: Locator, words: string) => board.getByTestId("question").filter({ hasText: words });
const lineOf = (page: Page, words: string) => page.getByTestId("chat-line").filter({ hasText: words });

/** Answers a question at the desk, by text; `aside`: for who asked alone. */
async function answer(question: Locator, text: string, aside = false): Promise<void> {
  await question.getByTestId("answer").click();
  await question.getByTestId("answer-text").fill(text);
  if (aside) await question.getByTestId("answer-to").selectOption({ index: 1 });
  await question.getByTestId("answer-send").click();
  await question.waitFor({ state: "detached" });
}
