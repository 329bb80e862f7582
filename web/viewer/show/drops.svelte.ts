import { getContext, setContext } from "svelte";
import { type LiveDrop, leading, nextTurnOf, standingAt } from "../../client/room/drop.ts";
import type { Drop } from "../../client/room/wire.ts";
import { Problem } from "../../client/problem.ts";
import { failure } from "../../ui/failure.ts";
import { market } from "../../ui/market.svelte.ts";
import { serverClock } from "../../ui/server-clock.svelte.ts";
import { toasts } from "../../ui/toasts.svelte.ts";
import { tabs } from "../buy/tabs.svelte.ts";
import { actOf, type DropAct, type Mine } from "./drop-act.ts";
import { t } from "./texts.ts";

/** A press just before the opening is carried over it, when it is no further away than this, ms. */
const EARLY_BOUND_MS = 3_000;
/** Longest sleep between two looks at the clock, ms. */
const LOOK_BOUND_MS = 60_000;
const HERE = Symbol("drops");

/** The drops of a show for one buyer: how they stand on the server's clock, and what the buyer does in them. */
export class Drops {
  /** The drop whose button was pressed and is not answered. */
  busy = $state<string | null>(null);
  #now = $state(serverClock.now());
  #turn = $state(0);
  /** The server refused a claim with "sold out": so it is until the next word on the drop. */
  #gone = $state.raw<Drop | null>(null);
  readonly all = $derived.by((): LiveDrop[] =>
    this.told().map((drop) => ({
      drop,
      standing: drop === this.#gone ? "gone" : standingAt(drop, this.#now),
    })),
  );
  /** What the banner shows: first what this buyer has something in, as far as it is not over. */
  readonly leading = $derived(leading(this.all) ?? this.all.find(({ drop }) => this.mine(drop).until !== null) ?? null);

  constructor(
    private readonly told: () => readonly Drop[],
    private readonly openTab: () => void,
    readonly show: string,
  ) {
    $effect(() => {
      void this.#turn;
      const now = serverClock.now();
      this.#now = now;
      const next = nextTurnOf(this.told(), now);
      if (next === null) return;
      const timer = setTimeout(() => (this.#turn += 1), Math.min(LOOK_BOUND_MS, Math.max(0, next - now) + 2));
      return () => clearTimeout(timer);
    });
  }

  static provide(drops: Drops): Drops {
    return setContext(HERE, drops);
  }
  static here(): Drops {
    return getContext<Drops>(HERE);
  }

  of(number: number): LiveDrop | null {
    return leading(this.all.filter(({ drop }) => drop.number === number));
  }

  mine(drop: Drop): Mine {
    const tab = tabs.of(this.show);
    const claims = tab?.claims.filter((one) => one.drop_id === drop.id) ?? [];
    const held = claims.filter((one) => one.state === "open" || one.state === "in_order").map((one) => one.until);
    return {
      taken: claims.filter((one) => one.state !== "released" && one.state !== "expired").reduce((sum, one) => sum + one.quantity, 0),
      until: held.sort()[0] ?? null,
      place: tab?.waiting.find((one) => one.drop_id === drop.id)?.place ?? null,
    };
  }

  act(live: LiveDrop): DropAct {
    return actOf(live, this.mine(live.drop), market.now?.country ?? "");
  }

  /** What a button says that does this. */
  words(act: DropAct): string {
    const w = t().drop;
    switch (act?.does) {
      case "claim":
        return act.more ? w.claimMore : w.claim;
      case "pay":
        return w.pay;
      case "wait":
        return w.wait;
      case "place":
        return w.place(act.place);
      default:
        return "";
    }
  }

  /** Does what the button says. */
  async press(live: LiveDrop): Promise<void> {
    const act = this.act(live);
    if (act?.does === "pay" || act?.does === "place") return this.openTab();
    if (this.busy || !act || act.does === "nothing") return;
    this.busy = live.drop.id;
    try {
      await this.#claim(live.drop, act.does === "wait");
    } catch (error) {
      if (error instanceof Problem && error.code === "sold_out") this.#gone = live.drop;
      toasts.say(failure(error), "bad");
    } finally {
      this.busy = null;
    }
  }

  async #claim(drop: Drop, wait: boolean, early = true): Promise<void> {
    try {
      await tabs.claim(this.show, drop.id, wait);
    } catch (error) {
      // This page's clock runs ahead of the server's: the press counts at the opening.
      const opens_at = error instanceof Problem && error.code === "drop_not_open" ? error.body["opens_at"] : null;
      const ahead_ms = typeof opens_at === "string" ? Date.parse(opens_at) - serverClock.now() : Infinity;
      if (!early || ahead_ms > EARLY_BOUND_MS) throw error;
      await new Promise((done) => setTimeout(done, Math.max(50, ahead_ms)));
      await this.#claim(drop, wait, false);
    }
  }
}
