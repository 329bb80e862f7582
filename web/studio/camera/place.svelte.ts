import { call } from "../../client/call.ts";
import { shows } from "../../staff/api.ts";
import { said } from "../../staff/text.ts";

const LOOK_EVERY_MS = 4_000;

/** Where the show stands, for who stands before the camera; staff who are signed in may move it on. */
export class Place {
  #lifecycle = $state("");
  #staff = $state(false);
  title = $state("");
  refused = $state.raw<unknown>(null);
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly id: string) {}

  get live(): boolean {
    return this.#lifecycle === "live";
  }

  get ended(): boolean {
    return this.#lifecycle === "ended";
  }

  get mayTakeLive(): boolean {
    return this.#staff && this.#lifecycle === "rehearsing";
  }

  watch(): void {
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async takeLive(): Promise<void> {
    this.refused = null;
    try {
      await shows.step(this.id, "go-live");
    } catch (error) {
      this.refused = error;
    }
    await this.#look();
  }

  /** Staff see rehearsals; everybody else sees what is public. A look that fails leaves what was seen. */
  async #look(): Promise<void> {
    const staff = await shows.get(this.id).catch(() => null);
    if (staff) {
      [this.#staff, this.#lifecycle, this.title] = [true, staff.lifecycle, said(staff.titles)];
      return;
    }
    const seen = await call("GET", "/shows/{id}", { path: { id: this.id } }).catch(() => null);
    if (seen) [this.#staff, this.#lifecycle, this.title] = [false, seen.state, said(seen.title)];
  }
}
