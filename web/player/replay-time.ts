/** The replay's two clocks: where it stands (ms from its start) and when that was in the programme (Unix ms). */
import type { Replay } from "../client/shapes.ts";

type Clocks = Pick<Replay, "stretches">;

/** When the picture at this place was live, in whole milliseconds: players count in fractions, the API does not. */
export function programmeAt({ stretches }: Clocks, position_ms: number): number | null {
  const stretch = stretches.findLast((one) => one.position_ms <= position_ms) ?? stretches[0];
  return stretch ? stretch.at_ms + Math.max(0, Math.round(position_ms - stretch.position_ms)) : null;
}

/** Where in the replay a moment of the programme is; what is not shown is where the next shown picture is. */
export function positionAt({ stretches }: Clocks, at_ms: number): number | null {
  const stretch = stretches.find((one) => at_ms < one.at_ms + one.duration_ms);
  return stretch ? stretch.position_ms + Math.max(0, at_ms - stretch.at_ms) : null;
}

/** The chapter that plays at this place. */
export function chapterAt<Chapter extends { position_ms: number; duration_ms: number }>(
  chapters: Chapter[],
  position_ms: number,
): Chapter | null {
  const found = chapters.findLast((one) => one.position_ms <= position_ms);
  return found && position_ms < found.position_ms + found.duration_ms ? found : null;
}
