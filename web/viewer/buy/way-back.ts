/** The show that a buyer left for a payment page, so that the way back leads into it again. */
const KEY = "ts.way-back";

export interface WayBack {
  show_id: string;
  order_id: string;
  key: string;
}

export function leaveFor(way: WayBack): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(way));
  } catch {
    // The order page is where they land then.
  }
}

/** The way back that belongs to this order, if they came from a show. */
export function wayBack(order_id: string): WayBack | null {
  try {
    const way = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as WayBack | null;
    return way?.order_id === order_id ? way : null;
  } catch {
    return null;
  }
}

export function forgetWay(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
