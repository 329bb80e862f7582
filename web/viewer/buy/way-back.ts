/** The order that a buyer left for a payment page: it leads back into its show, and stays in view while it is held. */
const KEY = "ts.way-back";

export interface WayBack {
  order_id: string;
  key: string;
  /** Where the buyer came from, if from a show. */
  show_id: string | null;
  /** The payment page. */
  pay_url: string;
  held_until: string | null;
}

export function leaveFor(way: WayBack): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(way));
  } catch {
    // The order page is where they land then.
  }
}

/** What was left for last. */
export function lastWay(): WayBack | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as WayBack | null;
  } catch {
    return null;
  }
}

/** The way back that belongs to this order. */
export function wayBack(order_id: string): WayBack | null {
  const way = lastWay();
  return way?.order_id === order_id ? way : null;
}

/** The payment is settled, or the time is over: nothing is held any more. The way back stays. */
export function holdOver(): void {
  const way = lastWay();
  if (way?.held_until) leaveFor({ ...way, held_until: null });
}
