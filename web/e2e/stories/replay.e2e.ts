import type { Page } from "playwright-core";
import { expect } from "vitest";
import { recorded } from "../aired.ts";
import { call, checkOut, putInBasket } from "../api.ts";
import { openBoutique, planShow, stockProduct } from "../boutique.ts";
import { DESKTOP, person, withEvidence } from "../browser.ts";
import { pictureMoves, playedTo } from "../picture.ts";
import { probe } from "../probe.ts";
import { roomAct, say } from "../room.ts";
import { story } from "../story.ts";

story("a show is recorded: watched from behind, replayed by its chapters, trimmed, hidden in part, and clipped", async ({ browser, house }) => {
  const host = await person(browser, { url: house.url, size: DESKTOP });
  const anna = await person(browser, { url: house.url });
  await withEvidence("replay", [host.page, anna.page], async () => {
    const boutique = await openBoutique(house, host.context);
    const pieces = [];
    for (const piece of [
      { title: TITLES[0]!, sku: "BELT", minor: 8_800, onHand: 20 },
      { title: TITLES[1]!, sku: "SCARF", minor: 19_800, onHand: 0 },
    ])
      pieces.push(await stockProduct(host.context, boutique, piece));
    const show = await planShow(host.context, boutique, pieces);
    const pin = (number: number) => roomAct(host.context, show.id, { t: "pin", number });

    // On air: two pieces, each for some seconds, and a question about the first.
    house.broadcast(show.key);
    await call(host.context, "POST", `/shows/${show.id}/go-live`, {});
    await anna.page.goto(`/shows/${show.id}`);
    await pictureMoves(anna.page);
    await recorded(host.context, show.id, 4_000);
    await pin(1);
    await say(anna.page, "Anna", "Is it woven by hand?");
    await recorded(host.context, show.id, 14_000);
    const cleo = await person(browser, { url: house.url });
    await putInBasket(cleo.context, pieces[0]!, { show_id: show.id, show_number: 1 });
    const order = await checkOut(cleo.context);
    await pin(2);
    await call(host.context, "POST", `/shows/${show.id}/items/1/stop-sale`, {});
    await recorded(host.context, show.id, 20_000);
    await call(host.context, "POST", `/shows/${show.id}/items/1/resume-sale`, {});

    // Anna pauses what is behind the live picture, goes back, and returns to live.
    await anna.page.getByTestId("rewind").click();
    await pictureMoves(anna.page);
    const behind = anna.page.getByTestId("timeshift");
    await behind.getByRole("button", { name: "Pause" }).click();
    const paused = await playedTo(anna.page);
    await behind.getByRole("button", { name: "Play" }).waitFor();
    expect(await playedTo(anna.page), "a paused picture stands").toBeCloseTo(paused, 1);
    await behind.getByRole("button", { name: "30 s back" }).click();
    await expect.poll(() => playedTo(anna.page), SOON).toBeLessThan(Math.max(paused, 3));
    await pictureMoves(anna.page);
    await anna.page.getByTestId("to-live").click();
    await anna.page.getByTestId("video").waitFor();
    await pictureMoves(anna.page);

    // The end is thanked for first; then the replay, with its chapters, its log and its stock as it is today.
    await call(host.context, "POST", `/shows/${show.id}/end`, { confirm: "end" });
    await anna.page.getByTestId("watch-replay").click();
    await pictureMoves(anna.page);
    await expect.poll(() => chapters(anna.page), SOON).toEqual(TITLES);
    await anna.page.getByTestId("chapter").first().click();
    await anna.page.getByTestId("chat-line").filter({ hasText: "Is it woven by hand?" }).waitFor();
    const scarf = anna.page.getByTestId("chapters").getByRole("listitem").filter({ hasText: TITLES[1]! });
    await scarf.getByTestId("buy").filter({ hasText: "Sold out" }).waitFor();
    await anna.page.getByTestId("moment").first().click();
    await anna.page.getByTestId("correction").filter({ hasText: "the sale of No. 1 was stopped" }).waitFor();
    await anna.page.getByTestId("chapter").first().click();
    const before = await playedTo(anna.page);
    await scarf.getByTestId("chapter").click();
    await expect.poll(() => playedTo(anna.page), SOON).toBeGreaterThan(before + 4);
    await anna.page.getByTestId("pinned-card").filter({ hasText: TITLES[1]! }).waitFor();
    const whole_ms = (await replay(host.context, show.id)).duration_ms;
    const bar = await anna.page.getByTestId("seek").boundingBox();
    await anna.page.getByTestId("seek").hover({ position: { x: bar!.width / 2, y: bar!.height / 2 } });
    const preview = anna.page.getByTestId("seek-preview").locator("img");
    await expect.poll(() => preview.evaluate((img) => (img as HTMLImageElement).naturalHeight), SOON).toBe(240);

    // An assistant trims the beginning and hides a part; the belt's presentation is downloaded.
    await host.page.goto(`/studio/shows/${show.id}`);
    const edit = host.page.getByTestId("edit-replay");
    await seek(edit.page(), 3);
    await edit.getByTestId("trim-start").click();
    await seek(edit.page(), 8);
    await edit.getByTestId("hide").click();
    await seek(edit.page(), 11);
    await edit.getByTestId("hide").click();
    await edit.getByTestId("poster").click();
    await downloads(host.page, "clip", "the belt was shown for about ten", 7);
    await host.page.getByTestId("save-replay").click();
    await host.page.getByText("The replay is changed.").waitFor();

    // What viewers get is shorter on both counts, and plays over the hidden part.
    const cut = await replay(host.context, show.id);
    expect(cut.duration_ms).toBeLessThan(whole_ms - 5_000);
    expect(cut.stretches.length, "one before the hidden part and one behind it").toBe(2);
    await host.page.goto(`/office/orders/${order.order_id}`);
    await downloads(host.page, "moment-clip", "the order's moment, over the hidden part", 8);
    const cover = await host.context.request.get(cut.poster ?? "none was chosen");
    expect([cover.status(), cover.headers()["content-type"]]).toEqual([200, "image/jpeg"]);
    const bo = await person(browser, { url: house.url });
    await bo.page.goto(`/shows/${show.id}`);
    await pictureMoves(bo.page);
    const seam_s = cut.stretches[1]!.position_ms / 1_000;
    await bo.page.getByTestId("seek").fill(String(Math.floor(seam_s / 5) * 5));
    await expect.poll(() => playedTo(bo.page), SOON).toBeGreaterThan(seam_s + 1);
    expect([...host.errors, ...anna.errors, ...bo.errors]).toEqual([]);
  });
});

const SOON = { timeout: 60_000, interval: 250 };

interface Replay {
  duration_ms: number;
  poster: string | null;
  stretches: { position_ms: number; duration_ms: number }[];
}
const replay = (context: Parameters<typeof call>[0], show: string) => call<Replay>(context, "GET", `/shows/${show}/replay`);

const TITLES = ["Woven belt", "Twill scarf"];

/** The titles of the replay's chapters, in order. */
async function chapters(page: Page): Promise<(string | undefined)[]> {
  const texts = await page.getByTestId("chapter").allInnerTexts();
  return texts.map((text) => TITLES.find((title) => text.includes(title)));
}

/** Moves the editor's playhead to this second of the recording, and waits until its picture is there. */
async function seek(page: Page, second: number): Promise<void> {
  await page.getByTestId("edit-place").fill(String(second));
  await expect.poll(() => playedTo(page), SOON).toBeGreaterThanOrEqual(second);
}

/** Downloads the clip behind the first such button: a file of the show's picture and sound, longer than that. */
async function downloads(page: Page, button: string, what: string, longer_s: number): Promise<void> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(button).first().click()]);
  const clip = probe(await download.path());
  expect(clip.streams, what).toEqual(["h264 360x640", "aac"]);
  expect(clip.seconds, what).toBeGreaterThan(longer_s);
}
