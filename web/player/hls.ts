import Hls from "hls.js/light";
import { lasting } from "./lasting.ts";
import type { Engine } from "./programme.ts";

export const supported = (): boolean => Hls.isSupported();

/** Low-latency HLS by hls.js. It is never given up: a programme that is away comes back under the same address. */
export function attach(video: HTMLVideoElement, url: string): Engine {
  const playing = lasting(video, url, () => ({
    lowLatencyMode: true,
    // Half a minute behind the playhead is kept: enough for a short rewind, little memory.
    backBufferLength: 30,
    maxBufferLength: 12,
    // Behind the target by more than a part or two, it catches up a little faster instead of jumping.
    maxLiveSyncPlaybackRate: 1.08,
    startFragPrefetch: true,
  }));
  return {
    programmeMs: () => playing.hls.playingDate?.getTime() ?? null,
    toEdge() {
      const edge = playing.hls.liveSyncPosition;
      if (edge !== null && edge - video.currentTime > 3) video.currentTime = edge;
    },
    destroy: () => playing.destroy(),
  };
}
