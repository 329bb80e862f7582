import { expect } from "vitest";
import type { Page } from "playwright-core";

/** What the page's video shows now: its time, and a coarse fingerprint of its pixels. */
async function look(page: Page): Promise<{ time: number; pixels: number[] }> {
  return page.locator("video").first().evaluate((element) => {
    const video = element as HTMLVideoElement;
    const canvas = document.createElement("canvas");
    canvas.width = 24;
    canvas.height = 24;
    const brush = canvas.getContext("2d");
    if (!brush || video.readyState < 2) return { time: video.currentTime, pixels: [] };
    brush.drawImage(video, 0, 0, 24, 24);
    return { time: video.currentTime, pixels: [...brush.getImageData(0, 0, 24, 24).data] };
  });
}

const difference = (a: number[], b: number[]): number =>
  a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / Math.max(a.length, 1);

/** Waits until the video has a picture, then sees its time pass and its pixels change. */
export async function pictureMoves(page: Page, withinMs = 30_000): Promise<void> {
  await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2, undefined, {
    timeout: withinMs,
  });
  const first = await look(page);
  await expect
    .poll(
      async () => {
        const now = await look(page);
        return { plays: now.time > first.time + 0.5, changes: difference(now.pixels, first.pixels) > 0.5 };
      },
      { timeout: withinMs, interval: 500, message: "the picture moves" },
    )
    .toEqual({ plays: true, changes: true });
}

/** Seconds that the video has played; grows only while it plays. */
export function playedTo(page: Page): Promise<number> {
  return page.locator("video").first().evaluate((video) => (video as HTMLVideoElement).currentTime);
}
