import type { Page } from "playwright-core";
import { CLOCK_BITS } from "./broadcast.ts";

/** How often the picture's clock is looked at, a second. */
const LOOKS_A_SECOND = 4;

/** Milliseconds from the drawing of a picture to its being on the page's screen, many times within so many seconds. */
export async function behind(page: Page, seconds: number): Promise<number[]> {
  const looks: number[] = [];
  for (let look = 0; look < seconds * LOOKS_A_SECOND; look++) {
    looks.push(await behindMs(page));
    await page.waitForTimeout(1000 / LOOKS_A_SECOND);
  }
  return looks;
}

/** Reads the strip of blocks (see `CLOCK` in broadcast.ts) off the picture that is on the screen. */
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

/** The value below which so many percent of all lie (nearest rank). */
export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil((sorted.length * percent) / 100) - 1, 0)] ?? Number.NaN;
}
