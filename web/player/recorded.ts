import Hls from "hls.js/light";
import { lasting } from "./lasting.ts";

/** A recording in a video element. */
export interface Recorded {
  destroy(): void;
}

/**
 * Plays a recording by hls.js, or by the browser itself where it can do that alone. `from_s` is where it begins: on a
 * show that is still on air a player would begin at its end.
 */
export function attachRecorded(video: HTMLVideoElement, url: string, from_s: number): Recorded {
  if (!Hls.isSupported()) {
    const begin = () => (video.currentTime = from_s);
    video.addEventListener("loadedmetadata", begin, { once: true });
    video.src = url;
    return {
      destroy() {
        video.removeEventListener("loadedmetadata", begin);
        video.removeAttribute("src");
        video.load();
      },
    };
  }
  // Opened anew, it goes on where it stood.
  return lasting(video, url, () => ({
    lowLatencyMode: false,
    startPosition: video.currentTime || from_s,
    maxBufferLength: 20,
    backBufferLength: 60,
  }));
}
