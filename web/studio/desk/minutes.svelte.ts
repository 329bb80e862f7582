import type { Figures, Minute } from "../../staff/shapes.ts";

/** Minutes that the curve shows. */
const BOUND = 120;

interface Sampled {
  gmv_minor: number;
  orders: number;
  minutes: Minute[];
}

/**
 * GMV by the minute. The server's own series is taken where it sends one; else the running total is sampled, the growth
 * since the last sample counted to the minute it was seen in, and kept in this browser tab.
 */
export class Minutes {
  list = $state.raw<Minute[]>([]);
  #kept: Sampled | null;

  constructor(private readonly show: string) {
    this.#kept = kept(show);
    this.list = this.#kept?.minutes ?? [];
  }

  take(figures: Figures): void {
    if (figures.minutes) {
      this.list = figures.minutes.slice(-BOUND);
      return;
    }
    const before = this.#kept;
    const gmv_minor = figures.gmv[0]?.amount_minor ?? 0;
    const at = thisMinute();
    const list = before?.minutes ?? [];
    const last = list.at(-1);
    const grown = {
      at,
      gmv_minor: Math.max(0, gmv_minor - (before?.gmv_minor ?? gmv_minor)) + (last?.at === at ? last.gmv_minor : 0),
      orders: Math.max(0, figures.orders - (before?.orders ?? figures.orders)) + (last?.at === at ? last.orders : 0),
      viewers: figures.viewers,
    };
    const minutes = [...(last?.at === at ? list.slice(0, -1) : list), grown].slice(-BOUND);
    this.#kept = { gmv_minor, orders: figures.orders, minutes };
    this.list = minutes;
    keep(this.show, this.#kept);
  }
}

function thisMinute(): string {
  return new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
}

const key = (show: string) => `ts.minutes.${show}`;

function kept(show: string): Sampled | null {
  try {
    return JSON.parse(sessionStorage.getItem(key(show)) ?? "null") as Sampled | null;
  } catch {
    // The curve then starts now.
    return null;
  }
}

function keep(show: string, sampled: Sampled): void {
  try {
    sessionStorage.setItem(key(show), JSON.stringify(sampled));
  } catch {
    // Holds for as long as this page is open then.
  }
}
