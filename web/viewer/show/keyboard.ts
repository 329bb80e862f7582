/**
 * Keeps the height of the phone's keyboard in `--keyboard`: what must stay visible moves above it, the video does not
 * move at all.
 */
export function followKeyboard(): () => void {
  const view = window.visualViewport;
  if (!view) return () => undefined;
  const measure = () => {
    const hidden = Math.max(0, window.innerHeight - view.height - view.offsetTop);
    // A few pixels are the browser's own bars.
    document.documentElement.style.setProperty("--keyboard", `${hidden > 80 ? Math.round(hidden) : 0}px`);
  };
  view.addEventListener("resize", measure);
  view.addEventListener("scroll", measure);
  return () => {
    view.removeEventListener("resize", measure);
    view.removeEventListener("scroll", measure);
    document.documentElement.style.removeProperty("--keyboard");
  };
}
