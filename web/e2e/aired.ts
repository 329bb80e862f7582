import type { BrowserContext } from "playwright-core";
import { vi } from "vitest";
import { call } from "./api.ts";
import { planShow } from "./boutique.ts";
import { Broadcast } from "./broadcast.ts";
import { roomAct } from "./room.ts";

/** How long each number is shown at least, ms of the recording. */
const SHOWN_MS = 6_000;

interface Product {
  id: string;
}

/** Airs a show of the house's first products over RTMP, each shown and asked about, one sale stopped; its id. */
export async function aired(owner: BrowserContext, rtmp: string): Promise<string> {
  const brands = await call<{ id: string }[]>(owner, "GET", "/brands");
  const { items } = await call<{ items: Product[] }>(owner, "GET", "/products?limit=3");
  const boutique = { brand: brands[0]!.id, seller: "", location: "" };
  const show = await planShow(owner, boutique, items.map(({ id }) => id));
  const picture = Broadcast.start(rtmp, show.key);
  try {
    await call(owner, "POST", `/shows/${show.id}/go-live`, {});
    for (const number of items.keys()) {
      await roomAct(owner, show.id, { t: "pin", number: number + 1 });
      await roomAct(owner, show.id, { t: "say", text: `Number ${number + 1}: which sizes are there?` });
      await recorded(owner, show.id, (number + 1) * SHOWN_MS);
    }
    await call(owner, "POST", `/shows/${show.id}/items/1/stop-sale`, {});
    await recorded(owner, show.id, (items.length + 1) * SHOWN_MS);
    await call(owner, "POST", `/shows/${show.id}/end`, { confirm: "end" });
  } finally {
    await picture.cut();
  }
  return show.id;
}

/** Waits until so much of the show is recorded. */
export async function recorded(owner: BrowserContext, show: string, least_ms: number): Promise<void> {
  interface Recorded {
    recording: { recorded_ms: number } | null;
  }
  const enough = async () => {
    const { recording } = await call<Recorded>(owner, "GET", `/studio/shows/${show}`);
    const recorded_ms = recording?.recorded_ms ?? 0;
    if (recorded_ms < least_ms) throw new Error(`${recorded_ms} of ${least_ms} ms are recorded`);
  };
  await vi.waitFor(enough, { timeout: 60_000, interval: 250 });
}
