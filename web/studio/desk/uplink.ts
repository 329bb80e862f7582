import type { Health } from "../../staff/shapes.ts";

/** What is remembered of the way from the encoder: ten minutes, a look every three seconds. */
const KEPT = 200;
/** Answers come sooner when something happens in the room; a look is not taken for each, ms. */
const APART_MS = 2_500;

/** One look at how the picture came in. */
export interface Look {
  at: number;
  kbps: number;
  /** Pictures of a hundred that did not come. */
  missing: number;
  late_ms: number;
}

/** The looks with the newest one behind them; the same array where there is nothing to add. */
export function looked(before: Look[], health: Health | null | undefined, now: number): Look[] {
  const last = before.at(-1);
  if (!health?.video || health.state !== "receiving" || (last && now - last.at < APART_MS)) return before;
  const { video, missing_permille, late_ms } = health;
  return [...before.slice(1 - KEPT), { at: now, kbps: video.bitrate_kbps, missing: missing_permille / 10, late_ms }];
}

/** What cannot wait until somebody looks at the panel: viewers see or hear it now. Worst first. */
const ALARMING = ["no_video", "black_picture", "no_audio", "silence", "upload_drops"];

/** The warning to alarm people with, if any. */
export function alarming(health: Health | null | undefined): string | null {
  if (health?.state !== "receiving") return null;
  return ALARMING.find((warning) => health.warnings.includes(warning)) ?? null;
}

/** A line through the values in a box of this size, 0 at the bottom; `least` is what the top stands for at least. */
export function line(values: number[], width: number, height: number, least: number): string {
  const most = Math.max(least, ...values);
  const step = width / Math.max(1, values.length - 1);
  return values.map((value, at) => `${(at * step).toFixed(1)},${(height - (value / most) * height).toFixed(1)}`).join(" ");
}
