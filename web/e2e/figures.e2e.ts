import { writeFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, signIn } from "./api.ts";
import { behind, percentile } from "./behind.ts";
import { Broadcast, CLOCK } from "./broadcast.ts";
import { launch, person } from "./browser.ts";
import { demo, setting } from "./settings.ts";

const VISITS = 7;
/** How long one viewer watches. */
const WATCH_SECONDS = 60;

const ready = demo();
let browser: Browser;
let broadcast: Broadcast;

beforeAll(async () => {
  browser = await launch();
  const staff = await person(browser, { url: ready.url });
  await signIn(staff.context, ready.staff.find(({ role }) => role === "owner")!);
  const key = await call<{ stream_key: string }>(staff.context, "GET", `/shows/${ready.show}/stream-key`);
  broadcast = Broadcast.start(ready.rtmp, key.stream_key, CLOCK);
  // A demo without a broadcast of its own leaves its show in the lobby.
  await call(staff.context, "POST", `/shows/${ready.show}/go-live`, {});
  await staff.context.close();
  // Steady: more than the playlist's window of segments.
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  expect(broadcast.onAir, broadcast.complaint).toBe(true);
});

afterAll(async () => {
  await broadcast.cut();
  await browser.close();
});

test("from the page to the first frame, and from the picture to the screen", async () => {
  const firstFrames: number[] = [];
  for (let visit = 0; visit < VISITS; visit++) firstFrames.push(await firstFrameMs());
  const looks = await watch();
  const figures = {
    first_frame_s: percentile(firstFrames, 50) / 1000,
    behind_p95_s: percentile(looks, 95) / 1000,
    behind_median_s: percentile(looks, 50) / 1000,
  };
  console.log(JSON.stringify({ ...figures, first_frames_ms: firstFrames.map(Math.round), looks: looks.length }));
  writeFileSync(setting("TRUNKSHOW_FIGURES"), JSON.stringify(figures));
});

/** A new viewer with an empty cache opens the room; milliseconds from the navigation to the first frame shown. */
async function firstFrameMs(): Promise<number> {
  const { context, page } = await person(browser, { url: ready.url });
  await page.addInitScript(noteFirstFrame);
  await page.goto(`/shows/${ready.show}`, { waitUntil: "commit" });
  const handle = await page.waitForFunction(() => (window as unknown as { firstFrameMs?: number }).firstFrameMs);
  const ms = (await handle.jsonValue()) as number;
  await context.close();
  return ms;
}

/** Runs in the page, before its own scripts. */
function noteFirstFrame(): void {
  const known = new WeakSet<HTMLVideoElement>();
  const note = () => {
    (window as unknown as { firstFrameMs: number }).firstFrameMs ??= performance.now();
  };
  // The page may put another video in the place of its first one.
  const looking = new MutationObserver(() => {
    for (const video of document.querySelectorAll("video")) {
      if (!known.has(video)) video.requestVideoFrameCallback(note);
      known.add(video);
    }
  });
  looking.observe(document, { childList: true, subtree: true });
}

/** Milliseconds from the drawing of a frame in the encoder to its being on the screen, many times. */
async function watch(): Promise<number[]> {
  const { context, page } = await person(browser, { url: ready.url });
  await page.goto(`/shows/${ready.show}`);
  await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2);
  await page.waitForTimeout(10_000);
  const looks = await behind(page, WATCH_SECONDS);
  await context.close();
  return looks;
}
