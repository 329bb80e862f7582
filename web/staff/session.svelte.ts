import { Problem } from "../client/problem.ts";
import { applyAccent } from "../ui/brand.ts";
import { people } from "./api.ts";
import type { House, Me, Role } from "./shapes.ts";

type State =
  | { is: "asking" }
  /** Lapsed: the server no longer knows who is in; the page stays, with the way back over it. */
  | { is: "in"; me: Me; lapsed: boolean }
  | { is: "failed"; error: unknown };

/** Who works here. Every staff page asks once; whoever is not signed in as staff is sent to the door and back. */
class Session {
  #state = $state.raw<State>({ is: "asking" });

  get state(): State {
    return this.#state;
  }

  get me(): Me | null {
    return this.#state.is === "in" ? this.#state.me : null;
  }

  get lapsed(): boolean {
    return this.#state.is === "in" && this.#state.lapsed;
  }

  get house(): House | null {
    return this.me?.house ?? null;
  }

  /** The house's first language: what a text falls back to. */
  get languages(): string[] {
    return this.house?.languages ?? ["en"];
  }

  get currencies(): string[] {
    return this.house?.currencies ?? ["USD"];
  }

  async ask(): Promise<void> {
    this.#state = { is: "asking" };
    try {
      const me = await people.me();
      if (me.person?.kind !== "staff") return toTheDoor();
      applyAccent(me.house?.theme?.accent);
      this.#state = { is: "in", me, lapsed: false };
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return toTheDoor();
      this.#state = { is: "failed", error };
    }
  }

  /** Asks again without taking the page away: after the house itself was changed. */
  async renew(): Promise<void> {
    const me = await people.me().catch(() => null);
    if (!me) return;
    applyAccent(me.house?.theme?.accent);
    this.#state = { is: "in", me, lapsed: false };
  }

  /** The server did not know who asked: a page that is open keeps what was typed into it. */
  lapse(): void {
    if (this.#state.is === "in") this.#state = { ...this.#state, lapsed: true };
    else toTheDoor();
  }

  /** Who signed in again. Another person may see other things, so that the page starts afresh. */
  back(me: Me): void {
    if (me.person?.id !== this.me?.person?.id) return location.reload();
    this.#state = { is: "in", me, lapsed: false };
  }

  /** Reads on without signing in; the next act asks again. */
  stay(): void {
    if (this.#state.is === "in") this.#state = { ...this.#state, lapsed: false };
  }

  /** Whether one of these roles is held anywhere. The server decides; this only hides what would be refused. */
  holds(...roles: Role[]): boolean {
    return this.me?.memberships.some((one) => one.role === "owner" || roles.includes(one.role)) ?? false;
  }

  async leave(): Promise<void> {
    await people.signOut();
    location.assign("/sign-in");
  }
}

export const session = new Session();

function toTheDoor(): void {
  const next = location.pathname + location.search;
  location.replace(`/sign-in?next=${encodeURIComponent(next)}`);
}
