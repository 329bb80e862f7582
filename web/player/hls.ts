import Hls, { type ErrorData } from "hls.js/light";
import { type Engine, tryAgainAfter } from "./programme.ts";

export const supported = (): boolean => Hls.isSupported();

/** Low-latency HLS by hls.js. It is never given up: a programme that is away comes back under the same address. */
export function attach(video: HTMLVideoElement, url: string): Engine {
  let hls: Hls;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let repaired_ms = 0;

  function open(): void {
    hls = new Hls({
      lowLatencyMode: true,
      // Half a minute behind the playhead is kept: enough for a short rewind, little memory.
      backBufferLength: 30,
      maxBufferLength: 12,
      // Behind the target by more than a part or two, it catches up a little faster instead of jumping.
      maxLiveSyncPlaybackRate: 1.08,
      startFragPrefetch: true,
    });
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
      hls.destroy();
      open();
    }, tryAgainAfter(attempt++));
  }

  open();
  return {
    programmeMs: () => hls.playingDate?.getTime() ?? null,
    toEdge() {
      const edge = hls.liveSyncPosition;
      if (edge !== null && edge - video.currentTime > 3) video.currentTime = edge;
    },
    destroy() {
      clearTimeout(timer);
      hls.destroy();
    },
  };
}
