import { choice } from "./delay.ts";
import type { Engine } from "./programme.ts";

/** The shortest delay is tried again after so long where it was refused or lost, ms; the last one is repeated. */
const AGAIN_MS = [20_000, 60_000, 180_000] as const;

type Plain = (video: HTMLVideoElement, url: string) => Engine;

/**
 * Plays a programme the way that this device wants: as everybody sees it, by `plain`; or by WebRTC, from the moment at
 * which its picture comes. Whatever is refused or lost goes on as everybody sees it, and is tried again.
 */
export function attach(video: HTMLVideoElement, url: string, plain: Plain): Engine {
  const programme = /^\/air\/([^/]+)\//.exec(url)?.[1];
  if (!programme || !("RTCPeerConnection" in window)) return plain(video, url);
  /** What everybody sees, while that is on screen. */
  let usual: Engine | null = plain(video, url);
  /** By WebRTC: on its way while the other is on screen, then on screen itself. */
  let short: Engine | null = null;
  let wanted = false;
  let gone = false;
  let tries = 0;
  let again: ReturnType<typeof setTimeout> | undefined;

  const back = () => {
    short?.destroy();
    short = null;
    usual ??= plain(video, url);
  };
  const refused = () => {
    if (!wanted) return;
    back();
    chosen.is("refused");
    again = setTimeout(() => void shorten(), AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)]);
  };
  const shorten = async () => {
    const whep = await import("./whep.ts").catch(() => null);
    if (!wanted || short) return;
    if (!whep) return refused();
    short = whep.watch(video, programme, {
      comes() {
        usual?.destroy();
        usual = null;
        tries = 0;
        chosen.is("on");
      },
      ended: refused,
    });
  };
  const chosen = choice(video, (low) => {
    if (gone) return;
    clearTimeout(again);
    [wanted, tries] = [low, 0];
    if (low) void shorten();
    else back();
  });
  return {
    programmeMs: () => (usual ?? short)?.programmeMs() ?? null,
    toEdge: () => (usual ?? short)?.toEdge(),
    destroy() {
      gone = true;
      wanted = false;
      clearTimeout(again);
      chosen.remove();
      short?.destroy();
      usual?.destroy();
    },
  };
}
