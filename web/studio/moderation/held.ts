import type { HeldLine, RoomEvent } from "../../client/room/wire.ts";

/** Lines that are kept; the server keeps as many. */
export const HELD_BOUND = 500;

/** What waits after these events: oldest first. */
export function stillHeld(held: HeldLine[], events: readonly RoomEvent[]): HeldLine[] {
  let now = held;
  for (const event of events) {
    if (event.k === "held" && event.line) now = [...now, event.line].slice(-HELD_BOUND);
    if (event.k === "held_refused") now = now.filter((line) => line.id !== event.message_id);
    if (event.k === "message" && event.held) now = now.filter((line) => line.id !== event.held);
  }
  return now;
}
