import { writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, signIn } from "./api.ts";
import { Broadcast, CLOCK, CLOCK_BITS } from "./broadcast.ts";
import { launch, person } from "./browser.ts";
import { demo, setting } from "./settings.ts";

const VISITS = 7;
/** How long one viewer watches, looking at the picture's clock four times a second. */
const WATCH_SECONDS = 60;
const LOOKS = WATCH_SECONDS * 4;

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
  const behind = await watch();
  const figures = {
    first_frame_s: percentile(firstFrames, 50) / 1000,
    behind_p95_s: percentile(behind, 95) / 1000,
    behind_median_s: percentile(behind, 50) / 1000,
  };
  console.log(JSON.stringify({ ...figures, first_frames_ms: firstFrames.map(Math.round), looks: behind.length }));
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
  const looks: number[] = [];
  for (let look = 0; look < LOOKS; look++) {
    looks.push(await behindMs(page));
    await page.waitForTimeout((WATCH_SECONDS * 1000) / LOOKS);
  }
  await context.close();
  return looks;
}

/** Reads the strip of [`CLOCK`] off the frame that is on the screen. */
function behindMs(page: Page): Promise<number> {
  return page.evaluate((bits) => {
    const video = document.querySelector("video") as HTMLVideoElement;
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = 1;
    const brush = canvas.getContext("2d") as CanvasRenderingContext2D;
    brush.drawImage(video, 0, video.videoHeight / 2, video.videoWidth, 1, 0, 0, video.videoWidth, 1);
    const now = Date.now();
    const row = brush.getImageData(0, 0, canvas.width, 1).data;
    let shown = 0;
    for (let bit = 0; bit < bits; bit++) {
      const x = Math.floor(((bit + 0.5) * canvas.width) / bits);
      if ((row[x * 4] ?? 0) > 127) shown += 2 ** bit;
    }
    const round = 2 ** bits;
    return (((now - shown) % round) + round) % round;
  }, CLOCK_BITS);
}

function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil((sorted.length * percent) / 100) - 1, 0)] ?? Number.NaN;
}
