import type { Page } from "playwright-core";
import { expect } from "vitest";
import { recorded } from "../aired.ts";
import { call } from "../api.ts";
import { openBoutique, planShow, stockProduct } from "../boutique.ts";
import { DESKTOP, person, withEvidence } from "../browser.ts";
import { pictureMoves, playedTo } from "../picture.ts";
import { probe } from "../probe.ts";
import { roomAct } from "../room.ts";
import { story } from "../story.ts";

story("a show goes live from a browser: by its code, turned, through a restart, recorded and replayed", async ({ browser, house }) => {
  const host = await person(browser, { url: house.url, size: DESKTOP });
  // A tablet on a stand: not signed in, it has only what the code says.
  const tablet = await person(browser, { url: house.url, size: { width: 1180, height: 820 } });
  const anna = await person(browser, { url: house.url });
  await withEvidence("camera", [host.page, tablet.page, anna.page], async () => {
    const boutique = await openBoutique(house, host.context);
    const belt = await stockProduct(host.context, boutique, { title: "Woven belt", sku: "BELT", minor: 8_800, onHand: 20 });
    const show = await planShow(host.context, boutique, [belt]);

    // The desk draws the code; the tablet opens what it says, and its camera is checked before anything is sent.
    await host.page.goto(`/studio/shows/${show.id}`);
    await host.page.getByTestId("camera-code").first().click();
    await host.page.getByTestId("camera-qr").first().waitFor();
    await tablet.page.goto(`/camera/${show.id}#wrong-key`);
    await open(tablet.page);
    await tablet.page.getByTestId("camera-start").click();
    await tablet.page.getByRole("alert").filter({ hasText: "Copy it again from the studio" }).waitFor();
    await tablet.page.goto("about:blank");
    await tablet.page.goto(`/camera/${show.id}#${show.key}`);
    await open(tablet.page);
    await tablet.page.getByTestId("camera-start").click();
    await is(tablet.page, "sending");
    await tablet.page.getByTestId("camera-stage").filter({ hasText: "Rehearsal" }).waitFor();

    // A second camera with the same code waits its turn, and is told so.
    const second = await person(browser, { url: house.url });
    await second.page.goto(`/camera/${show.id}#${show.key}`);
    await open(second.page);
    await second.page.getByTestId("camera-start").click();
    await second.page.getByRole("alert").filter({ hasText: "Another camera or encoder" }).waitFor();
    await second.context.close();

    await call(host.context, "POST", `/shows/${show.id}/go-live`, {});
    await tablet.page.getByTestId("camera-stage").filter({ hasText: "You are live" }).waitFor();
    await anna.page.goto(`/shows/${show.id}`);
    await pictureMoves(anna.page);
    await expect.poll(() => shape(anna.page), SOON).toBe("upright");
    await recorded(host.context, show.id, 5_000);

    // The tablet is turned: the picture goes on in its other shape.
    await tablet.page.getByTestId("camera-shape").click();
    await expect.poll(() => shape(anna.page), SOON).toBe("wide");
    await pictureMoves(anna.page);
    await roomAct(host.context, show.id, { t: "pin", number: 1 });
    await recorded(host.context, show.id, 12_000);

    // The house dies and comes back; the camera finds its way by itself, and so does Anna.
    await house.kill9();
    await is(tablet.page, "again");
    await house.start();
    await is(tablet.page, "sending");
    const before = await playedTo(anna.page);
    await expect.poll(() => playedTo(anna.page), SOON).not.toBeCloseTo(before, 0);
    await pictureMoves(anna.page, SOON.timeout);
    await recorded(host.context, show.id, 20_000);

    await tablet.page.getByTestId("camera-stop").click();
    await tablet.page.getByTestId("camera-stop-really").click();
    await is(tablet.page, "ready");
    await call(host.context, "POST", `/shows/${show.id}/end`, { confirm: "end" });
    const bo = await person(browser, { url: house.url });
    await bo.page.goto(`/shows/${show.id}`);
    await pictureMoves(bo.page);

    // What was recorded decodes without a complaint: Opus as it came, and the picture over the restart.
    await host.page.goto(`/studio/shows/${show.id}`);
    const clip = host.page.getByTestId("clip").first();
    const [download] = await Promise.all([host.page.waitForEvent("download"), clip.click()]);
    expect(probe(await download.path()).streams).toEqual([expect.stringMatching(/^h264 /), "opus"]);
    expect([...host.errors, ...tablet.errors, ...anna.errors, ...bo.errors]).toEqual([]);
  });
});

const SOON = { timeout: 60_000, interval: 250 };

const is = (page: Page, state: string) => page.locator(`[data-testid=camera][data-state=${state}]`).waitFor({ timeout: 60_000 });

/** Opens the camera and sees its picture. */
async function open(page: Page): Promise<void> {
  await page.getByTestId("camera-open").click();
  await is(page, "ready");
  await page.waitForFunction(() => (document.querySelector("video")?.videoWidth ?? 0) > 0);
}

/** How the picture that the page shows lies. */
function shape(page: Page): Promise<"none" | "upright" | "wide"> {
  return page.locator("video").first().evaluate((element) => {
    const { videoWidth, videoHeight } = element as HTMLVideoElement;
    return videoWidth === 0 ? "none" : videoWidth < videoHeight ? "upright" : "wide";
  });
}
