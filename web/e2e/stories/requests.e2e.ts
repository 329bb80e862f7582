import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { recorded } from "../aired.ts";
import { call } from "../api.ts";
import { openBoutique, planShow, stockProduct } from "../boutique.ts";
import { DESKTOP, person, withEvidence } from "../browser.ts";
import { pictureMoves } from "../picture.ts";
import { roomAct } from "../room.ts";
import { story } from "../story.ts";

story("the request board: asked, joined, taken on, shown or declined with a word, and watched again", async ({ browser, house }) => {
  const host = await person(browser, { url: house.url, size: DESKTOP });
  const stand = await host.context.newPage();
  const [anna, bo] = [await person(browser, { url: house.url }), await person(browser, { url: house.url, locale: "zh-CN" })];
  await withEvidence("requests", [host.page, stand, anna.page, bo.page], async () => {
    const boutique = await openBoutique(house, host.context);
    const pieces = [];
    for (const [title, sku] of [["Woven belt", "BELT"], ["Twill scarf", "SCARF"]] as const)
      pieces.push(await stockProduct(host.context, boutique, { title, sku, minor: 19_800, onHand: 5 }));
    const show = await planShow(host.context, boutique, pieces);
    house.broadcast(show.key);
    await call(host.context, "POST", `/shows/${show.id}/go-live`, {});
    await roomAct(host.context, show.id, { t: "pin", number: 2 });
    await host.page.goto(`/studio/shows/${show.id}/desk`);
    await stand.goto(`/studio/shows/${show.id}/host`);
    const desk = host.page.getByTestId("requests");
    for (const { page } of [anna, bo]) {
      await page.goto(`/shows/${show.id}`);
      await pictureMoves(page);
    }

    // Anna asks with the keyboard, for the piece on screen; Bo, in Chinese, adds his voice and compares two.
    const annas = await asking(anna.page);
    await annas.getByTestId("ask-try_on").press("Enter");
    await annas.getByTestId("ask-try_on").filter({ hasText: "Asked" }).waitFor();
    await annas.getByTestId("ask-other").click();
    await annas.getByTestId("ask-text").fill("Knot it twice, please");
    await annas.getByTestId("ask-send").click();
    const bos = await asking(bo.page);
    await bos.getByTestId("asked").filter({ hasText: "试穿 2 号" }).getByTestId("ask-join").click();
    await bos.getByTestId("ask-compare").click();
    await bos.getByTestId("ask-with-1").click();
    await bos.getByTestId("asked").filter({ hasText: "对比 1 号和 2 号" }).filter({ hasText: "已请求" }).waitFor();

    // The assistant sees the board; the host one line, readable from afar.
    await desk.getByText("2 asking").waitFor();
    expect(await desk.getByTestId(/^request-\d/).count()).toBe(3);
    await stand.getByTestId("host-request").filter({ hasText: "Try on no. 2" }).waitFor();
    await row(desk, "Knot it twice").getByTestId("request-decline").click();
    await desk.getByTestId("decline-word").fill("It would crease");
    await desk.getByTestId("decline-word").press("Enter");
    await anna.page.getByText("Knot it twice, please: It would crease").first().waitFor();
    await row(desk, "Compare").getByTestId("request-accept").click();
    await stand.getByTestId("host-request").filter({ hasText: "Compare no. 1 and no. 2" }).waitFor();
    await bo.page.getByText("即将展示：对比 1 号和 2 号").waitFor();

    // Shown: both who asked are told, and everybody can go back to the moment while the show goes on.
    await recorded(host.context, show.id, 8_000);
    await row(desk, "Try on").getByTestId("request-shown").click();
    await anna.page.getByText("You asked, and it is on: Try on no. 2.").waitFor();
    await bo.page.getByText("您请求的正在展示：试穿 2 号。").waitFor();
    const at = Date.now();
    await recorded(host.context, show.id, 16_000);
    await annas.getByTestId("ask-done").getByTestId("ask-watch").click();
    await anna.page.getByTestId("timeshift").waitFor();
    await pictureMoves(anna.page);
    await anna.page.getByTestId("to-live").click();
    await anna.page.reload();
    await anna.page.getByTestId("bag").click();
    await anna.page.getByTestId("tray-item").nth(1).getByTestId("tray-watch").waitFor();

    // The replay has the moment, under what was asked.
    await call(host.context, "POST", `/shows/${show.id}/end`, { confirm: "end" });
    const { moments } = await call<{ moments: Moment[] }>(host.context, "GET", `/shows/${show.id}/replay`);
    const shown = moments.find(({ what }) => what === "shown");
    expect([shown?.asked, shown?.number, Math.abs((shown?.at_ms ?? 0) - at) < 10_000]).toEqual(["try_on", 2, true]);
    expect([...host.errors, ...anna.errors, ...bo.errors]).toEqual([]);
  });
});

interface Moment {
  what: string;
  asked?: string;
  number: number;
  at_ms: number;
}

/** Opens the sheet in which a viewer asks the host. */
async function asking(page: Page): Promise<Locator> {
  await page.getByTestId("ask").click();
  const sheet = page.getByTestId("ask-sheet");
  await sheet.waitFor();
  return sheet;
}

/** The request on the desk's board that says so. */
const row = (desk: Locator, words: string) => desk.getByTestId(/^request-\d/).filter({ hasText: words });
