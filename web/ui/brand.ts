/** Sets a brand's accent colour on the document, with white or ink on it, whichever reads better. */
export function applyAccent(accent: string | null | undefined): void {
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(accent ?? "");
  if (!parts) return;
  const style = document.documentElement.style;
  style.setProperty("--brand-accent", parts[0]);
  style.setProperty("--brand-on-accent", luminance(parts.slice(1)) > 0.36 ? "#0e0e10" : "#ffffff");
}

/** Relative luminance (WCAG) of hex pairs, 0 black … 1 white. */
function luminance(pairs: string[]): number {
  const [red = 0, green = 0, blue = 0] = pairs.map((pair) => {
    const part = parseInt(pair, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
