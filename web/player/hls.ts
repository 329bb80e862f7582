import Hls from "hls.js/light";
import { choice } from "./delay.ts";
import { lasting } from "./lasting.ts";
import type { Engine } from "./programme.ts";

export const supported = (): boolean => Hls.isSupported();

/** Low-latency HLS by hls.js. It is never given up: a programme that is away comes back under the same address. */
function byHls(video: HTMLVideoElement, url: string): Engine {
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

/** The way that this device wants, by HLS where the other one is not to be had. */
export function attach(video: HTMLVideoElement, url: string): Engine {
  const programme = /^\/air\/([^/]+)\//.exec(url)?.[1];
  if (!programme || !("RTCPeerConnection" in window)) return byHls(video, url);
  let now: Engine | null = null;
  let turn = 0;

  const play = async (low: boolean) => {
    const mine = ++turn;
    now?.destroy();
    now = null;
    if (!low) {
      now = byHls(video, url);
      return;
    }
    const whep = await import("./whep.ts").catch(() => null);
    if (mine !== turn) return;
    const refused = () => mine === turn && chosen.refused();
    if (whep) now = whep.watch(video, programme, refused);
    else refused();
  };
  const chosen = choice(video, (low) => void play(low));
  return {
    programmeMs: () => now?.programmeMs() ?? null,
    toEdge: () => now?.toEdge(),
    destroy() {
      turn++;
      chosen.remove();
      now?.destroy();
    },
  };
}
