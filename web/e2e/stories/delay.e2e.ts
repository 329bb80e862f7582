import type { Page } from "playwright-core";
import { expect } from "vitest";
import { call } from "../api.ts";
import { openBoutique, planShow, stockProduct } from "../boutique.ts";
import { B_FRAMES } from "../broadcast.ts";
import { DESKTOP, person, withEvidence } from "../browser.ts";
import { pictureMoves } from "../picture.ts";
import { roomAct } from "../room.ts";
import { story } from "../story.ts";

story("a viewer asks for the shortest delay: WebRTC while it can be had, and the usual way where it cannot", async ({ browser, house }) => {
  const host = await person(browser, { url: house.url, size: DESKTOP });
  const anna = await person(browser, { url: house.url });
  await withEvidence("delay", [anna.page], async () => {
    const boutique = await openBoutique(house, host.context);
    const pieces = [];
    for (const [title, sku] of [["Woven belt", "BELT"], ["Silk scarf", "SCARF"]] as const)
      pieces.push(await stockProduct(host.context, boutique, { title, sku, minor: 8_800, onHand: 20 }));
    const show = await planShow(host.context, boutique, pieces);
    const encoder = house.broadcast(show.key);
    await call(host.context, "POST", `/shows/${show.id}/go-live`, {});

    // The usual way first; the choice is one press away.
    await anna.page.goto(`/shows/${show.id}`);
    await pictureMoves(anna.page);
    expect(await way(anna.page)).toEqual({ webrtc: false, sound: false });
    await anna.page.getByTestId("low-delay").click();
    await is(anna.page, "on");
    await expect.poll(() => way(anna.page), SOON).toEqual({ webrtc: true, sound: true });
    await pictureMoves(anna.page);
    expect(await way(anna.page), "still by WebRTC").toEqual({ webrtc: true, sound: true });

    // What is pinned shows with the picture that it belongs to, here as there.
    await roomAct(host.context, show.id, { t: "pin", number: 2 });
    await anna.page.getByTestId("pinned-card").getByText("Silk scarf").waitFor();

    // She comes back: the choice was kept.
    await anna.page.reload();
    await expect.poll(() => way(anna.page), SOON).toEqual({ webrtc: true, sound: true });
    await pictureMoves(anna.page);

    // The host's encoder is set up anew, with B-frames: what WebRTC cannot show goes on as everybody sees it.
    await encoder.cut();
    const other = house.broadcast(show.key, B_FRAMES);
    await is(anna.page, "refused");
    await pictureMoves(anna.page, SOON.timeout);
    expect(await way(anna.page)).toEqual({ webrtc: false, sound: false });

    // Chosen once more, it is refused once more; set up as before, it comes back by itself.
    await anna.page.getByTestId("low-delay").click();
    await is(anna.page, "refused");
    await pictureMoves(anna.page, SOON.timeout);
    await other.cut();
    house.broadcast(show.key);
    await is(anna.page, "on");
    await expect.poll(() => way(anna.page), SOON).toEqual({ webrtc: true, sound: true });
    await pictureMoves(anna.page);

    // A browser that plays HLS by itself alone has the choice too.
    const boris = await person(browser, { url: house.url });
    await boris.page.addInitScript(() => {
      for (const name of ["MediaSource", "ManagedMediaSource", "WebKitMediaSource"]) Reflect.deleteProperty(window, name);
    });
    await boris.page.goto(`/shows/${show.id}`);
    await boris.page.getByTestId("low-delay").click();
    await expect.poll(() => way(boris.page), SOON).toEqual({ webrtc: true, sound: true });
    await pictureMoves(boris.page);
    expect(anna.errors.filter((error) => !error.includes("409"))).toEqual([]);
  });
});

const SOON = { timeout: 60_000, interval: 250 };

const is = (page: Page, state: string) => page.locator(`[data-testid=low-delay][data-state=${state}]`).waitFor({ timeout: 60_000 });

/** Whether the picture comes by WebRTC, and whether its sound has arrived there. */
function way(page: Page): Promise<{ webrtc: boolean; sound: boolean }> {
  return page.getByTestId("video").evaluate((element) => {
    const { srcObject } = element as HTMLVideoElement;
    if (!(srcObject instanceof MediaStream)) return { webrtc: false, sound: false };
    return { webrtc: true, sound: srcObject.getAudioTracks().some((track) => !track.muted) };
  });
}
