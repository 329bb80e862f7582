import Hls, { type ErrorData } from "hls.js/light";
import { tryAgainAfter } from "./programme.ts";

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
  let hls: Hls;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let repaired_ms = 0;
  function open(at_s: number): void {
    hls = new Hls({ lowLatencyMode: false, startPosition: at_s, maxBufferLength: 20, backBufferLength: 60 });
    hls.on(Hls.Events.ERROR, (_, data) => {
      if (data.fatal) failed(data);
    });
    hls.on(Hls.Events.FRAG_BUFFERED, () => (attempt = 0));
    hls.attachMedia(video);
    hls.loadSource(url);
  }
  function failed(data: ErrorData): void {
    const now_ms = performance.now();
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && now_ms - repaired_ms > 5_000) {
      repaired_ms = now_ms;
      hls.recoverMediaError();
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      const at_s = video.currentTime || from_s;
      hls.destroy();
      open(at_s);
    }, tryAgainAfter(attempt++));
  }
  open(from_s);
  return {
    destroy() {
      clearTimeout(timer);
      hls.destroy();
    },
  };
}
