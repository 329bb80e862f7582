import Hls, { type ErrorData, type HlsConfig } from "hls.js/light";
import { tryAgainAfter } from "./programme.ts";

/** A media error that comes sooner after a repair is not repaired again: the address is opened anew, ms. */
const REPAIR_AFTER_MS = 5_000;

/** An address that plays in a video element. */
export interface Lasting {
  /** The player as it is now; a new one after each opening. */
  readonly hls: Hls;
  destroy(): void;
}

/**
 * Plays an address by hls.js and never gives it up: what broke is repaired or opened anew. `config` is asked before
 * each opening, while the video still shows what was last.
 */
export function lasting(video: HTMLVideoElement, url: string, config: () => Partial<HlsConfig>): Lasting {
  let hls: Hls;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let repaired_ms = 0;

  function open(how: Partial<HlsConfig>): void {
    hls = new Hls(how);
    hls.on(Hls.Events.ERROR, (_, data) => {
      if (data.fatal) failed(data);
    });
    hls.on(Hls.Events.FRAG_BUFFERED, () => (attempt = 0));
    hls.attachMedia(video);
    hls.loadSource(url);
  }

  function failed(data: ErrorData): void {
    const now_ms = performance.now();
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && now_ms - repaired_ms > REPAIR_AFTER_MS) {
      repaired_ms = now_ms;
      hls.recoverMediaError();
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      const how = config();
      hls.destroy();
      open(how);
    }, tryAgainAfter(attempt++));
  }

  open(config());
  return {
    get hls() {
      return hls;
    },
    destroy() {
      clearTimeout(timer);
      hls.destroy();
    },
  };
}
