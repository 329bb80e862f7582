import { type Engine, tryAgainAfter } from "./programme.ts";

interface DatedVideo extends HTMLVideoElement {
  /** Safari: the PROGRAM-DATE-TIME of the start of its timeline. */
  getStartDate?: () => Date;
}

/** HLS by the browser itself (Safari on Apple devices). */
export function attach(video: DatedVideo, url: string): Engine {
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const failed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      video.src = url;
      video.load();
      // Refused where the page has not been touched: the muted picture is started by its autoplay attribute.
      video.play().catch(() => undefined);
    }, tryAgainAfter(attempt++));
  };
  const fine = () => (attempt = 0);
  video.addEventListener("error", failed);
  video.addEventListener("playing", fine);
  video.src = url;

  return {
    programmeMs() {
      const start = video.getStartDate?.().getTime() ?? NaN;
      return Number.isFinite(start) ? start + video.currentTime * 1000 : null;
    },
    toEdge() {
      const end = video.seekable.length > 0 ? video.seekable.end(video.seekable.length - 1) : 0;
      if (end - video.currentTime > 12) video.currentTime = end - 3;
    },
    destroy() {
      clearTimeout(timer);
      video.removeEventListener("error", failed);
      video.removeEventListener("playing", fine);
      video.removeAttribute("src");
      video.load();
    },
  };
}
