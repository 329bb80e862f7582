/** The shows in which this browser holds something or waits: so that every page can say so. The newest first. */
const KEY = "ts.tabs";
/** Shows remembered; older ones fall off. */
const BOUND = 4;

export function keptTabs(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, BOUND) : [];
  } catch {
    return [];
  }
}

export function keepTab(show: string): void {
  write([show, ...keptTabs().filter((one) => one !== show)].slice(0, BOUND));
}

export function forgetTab(show: string): void {
  const kept = keptTabs();
  if (kept.includes(show)) write(kept.filter((one) => one !== show));
}

function write(shows: string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(shows));
  } catch {
    // Seen on the show's own page only, then.
  }
}
