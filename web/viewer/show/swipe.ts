import type { Action } from "svelte/action";

/** A finger travels at least this far, px, and twice as far up or down as sideways, within this long, ms. */
const FAR_PX = 90;
const LONGEST_MS = 900;

export interface Touch {
  x: number;
  y: number;
  at_ms: number;
}

/** Which way a finger went, or null where it was no swipe. */
export function swipeOf(from: Touch, to: Touch): "up" | "down" | null {
  const down = to.y - from.y;
  if (to.at_ms - from.at_ms > LONGEST_MS || Math.abs(down) < FAR_PX) return null;
  if (Math.abs(down) < 2 * Math.abs(to.x - from.x)) return null;
  return down < 0 ? "up" : "down";
}

/** Calls back for a swipe over the picture; what scrolls or is typed into keeps its own gestures. */
export const swipe: Action<HTMLElement, (way: "up" | "down") => void> = (element, onswipe) => {
  let call = onswipe;
  let from: Touch | null = null;
  const touch = (event: TouchEvent): Touch | null => {
    const finger = event.changedTouches[0];
    return finger ? { x: finger.clientX, y: finger.clientY, at_ms: event.timeStamp } : null;
  };
  const start = (event: TouchEvent) => {
    const within = (event.target as Element).closest("[role=log], dialog, input, form");
    from = within || event.touches.length > 1 ? null : touch(event);
  };
  const end = (event: TouchEvent) => {
    const to = touch(event);
    const way = from && to ? swipeOf(from, to) : null;
    from = null;
    if (way) call(way);
  };
  element.addEventListener("touchstart", start, { passive: true });
  element.addEventListener("touchend", end, { passive: true });
  return {
    update(next) {
      call = next;
    },
    destroy() {
      element.removeEventListener("touchstart", start);
      element.removeEventListener("touchend", end);
    },
  };
};
