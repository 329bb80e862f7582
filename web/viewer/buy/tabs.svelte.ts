import { newIdempotencyKey } from "../../client/call.ts";
import { claim as askClaim, type Claim, type Claimed, letGo, stopWaiting, tab as askTab, type Tab } from "../../client/drops.ts";
import { patiently } from "../../client/patience.ts";
import { market } from "../../ui/market.svelte.ts";
import { serverClock } from "../../ui/server-clock.svelte.ts";
import { forgetTab, keepTab, keptTabs } from "./tabs-kept.ts";

export interface Held {
  show: string;
  claim: Claim;
}

/** What this buyer holds and waits for, by show, as the server last told it. */
class Tabs {
  #of = $state.raw<Record<string, Tab>>({});
  #asked = 0;

  of(show: string): Tab | null {
    return this.#of[show] ?? null;
  }

  /** Pieces of a show that wait to be paid, as far as their time was not over when the server was last asked. */
  held(show: string): Claim[] {
    const now = serverClock.now();
    return this.of(show)?.claims.filter((one) => one.state === "open" && Date.parse(one.until) > now) ?? [];
  }

  /** The claim whose time is over first, in any show. */
  get next(): Held | null {
    const all = Object.keys(this.#of).flatMap((show) => this.held(show).map((claim) => ({ show, claim })));
    return all.sort((a, b) => Date.parse(a.claim.until) - Date.parse(b.claim.until))[0] ?? null;
  }

  /** Asks for a show's tab. Without an answer, what was known stays. */
  async load(show: string): Promise<void> {
    const mine = ++this.#asked;
    const asked_ms = Date.now();
    const answer = await askTab(show).catch(() => null);
    if (!answer || mine < this.#newest(show)) return;
    this.#answered[show] = mine;
    serverClock.heard(asked_ms, Date.parse(answer.server_now));
    this.#set(show, answer);
  }

  /** Asks for the tabs that earlier pages left, and for that of the show that this page is of. */
  async loadKept(here?: string): Promise<void> {
    const shows = new Set([...(here ? [here] : []), ...keptTabs()]);
    await Promise.all([...shows].map((show) => this.load(show)));
  }

  /** Claims one more piece, or takes a place in line. Throws the server's refusal. */
  async claim(show: string, drop: string, wait: boolean): Promise<Claimed> {
    const at = market.now;
    if (!at) throw new Error("the buyer's currency and country are settled before a drop is shown");
    const key = newIdempotencyKey();
    const answer = await patiently(() => askClaim(drop, { quantity: 1, ...at, wait }, key));
    keepTab(show);
    if ("claim" in answer) this.#take(show, answer.claim);
    await this.load(show);
    return answer;
  }

  async letGo(show: string, id: string): Promise<void> {
    await letGo(id);
    await this.load(show);
  }

  async stopWaiting(show: string, drop: string): Promise<void> {
    await stopWaiting(drop);
    await this.load(show);
  }

  /** The newest question of a show that was answered: an older answer that comes later is dropped. */
  #answered: Record<string, number> = {};
  #newest(show: string): number {
    return this.#answered[show] ?? 0;
  }

  /** A claim is shown as soon as the server says that it stands, before the whole tab is asked for. */
  #take(show: string, claim: Claim): void {
    const known = this.of(show);
    const { currency } = claim.total;
    const base = known ?? { claims: [], waiting: [], currency, server_now: claim.server_now };
    this.#set(show, { ...base, claims: [...base.claims.filter((one) => one.id !== claim.id), claim] });
  }

  #set(show: string, tab: Tab): void {
    this.#of = { ...this.#of, [show]: tab };
    if (tab.waiting.length > 0 || tab.claims.some((one) => one.state === "open" || one.state === "in_order")) keepTab(show);
    else forgetTab(show);
  }
}

export const tabs = new Tabs();
