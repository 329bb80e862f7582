import { texts } from "../ui/i18n/index.ts";

const KEY = "ts.delay";
/** From this height on the picture has room for a button, px; a preview follows what was chosen elsewhere. */
const ROOMY_PX = 400;

const en = {
  off: "Shortest delay: off",
  on: "Shortest delay: on",
  refused: "The shortest delay is not possible here; the show goes on as usual",
};
const zh: typeof en = {
  off: "最低延迟：关",
  on: "最低延迟：开",
  refused: "此处无法使用最低延迟，直播照常播放",
};
const t = texts({ en, zh });

type State = keyof typeof en;

const BOLT = "M4 14a1 1 0 0 1-.78-1.63l9.9-10.2a.5.5 0 0 1 .86.46l-1.92 6.02A1 1 0 0 0 13 10h7a1 1 0 0 1 .78 1.63l-9.9 10.2a.5.5 0 0 1-.86-.46l1.92-6.02A1 1 0 0 0 11 14z";

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

/** The choice of the shortest delay over a picture: a button, and what was chosen. */
export interface Choice {
  /** How it stands: where it cannot be had, the picture goes on as usual. */
  is(state: State): void;
  remove(): void;
}

/**
 * Built by hand: a component would weigh on every page that has a picture. `chosen` is called soon, and whenever the
 * viewer chooses.
 */
export function choice(video: HTMLVideoElement, chosen: (low: boolean) => void): Choice {
  let state: State = remembered() ? "on" : "off";
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.testid = "low-delay";
  button.className =
    "absolute top-[calc(env(safe-area-inset-top)+4rem)] left-14 z-10 grid size-9 min-[900px]:top-3 place-items-center rounded-full bg-black/34 text-white backdrop-blur-md";
  button.innerHTML = `<svg width="17" height="17" viewBox="0 0 24 24" stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true"><path d="${BOLT}"/></svg>`;

  const show = (next: State) => {
    state = next;
    button.dataset.state = state;
    button.title = t()[state];
    button.ariaLabel = t()[state];
    button.ariaPressed = String(state === "on");
    button.firstElementChild?.setAttribute("fill", state === "on" ? "currentColor" : "none");
    button.style.opacity = state === "refused" ? "0.6" : "";
  };
  button.onclick = () => {
    const next = state === "on" ? "off" : "on";
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Asked again on the next page then.
    }
    show(next);
    chosen(next === "on");
  };
  if (video.clientHeight >= ROOMY_PX) video.after(button);
  show(state);
  queueMicrotask(() => chosen(state === "on"));
  return { is: show, remove: () => button.remove() };
}
