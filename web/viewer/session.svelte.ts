import { enter, me as askMe } from "../client/buyer.ts";
import type { House, Me } from "../client/shapes.ts";
import { applyAccent } from "../ui/brand.ts";
import { market } from "../ui/market.svelte.ts";

/** Who is here and whose house it is: asked once per page. */
class Session {
  me = $state.raw<Me | null>(null);
  error = $state.raw<unknown>(null);

  get house(): House | null {
    return this.me?.house ?? null;
  }
  /** Prices can be asked for: the buyer's currency and country are settled. */
  get ready(): boolean {
    return this.me !== null;
  }

  async start(): Promise<void> {
    this.error = null;
    try {
      let me = await askMe();
      if (!me.viewer_id) me = { ...me, viewer_id: (await enter()).viewer_id };
      market.settle(me.house);
      applyAccent(me.house.theme.accent);
      this.me = me;
    } catch (error) {
      this.error = error;
    }
  }
}

export const session = new Session();
void session.start();

/** The part of the address at `place` (0 is the first): /shows/X → part(1) is X. */
export function part(place: number): string {
  return decodeURIComponent(location.pathname.split("/").filter(Boolean)[place] ?? "");
}
