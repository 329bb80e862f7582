import type { Loaded } from "../ui/loading.svelte.ts";
import { toasts } from "../ui/toasts.svelte.ts";
import { failure } from "../ui/failure.ts";
import type { Page } from "./shapes.ts";

/** A list that comes in pages: asked anew whenever what `ask` reads changes, and made longer on request. */
export class Pages<Item> {
  now = $state.raw<Loaded<Item[]>>({ state: "loading" });
  next = $state<string | null>(null);
  busy = $state(false);
  #turn = $state(0);
  #asked = 0;

  constructor(private readonly ask: (after: string | null) => Promise<Page<Item>>) {
    $effect(() => {
      void this.#turn;
      const mine = ++this.#asked;
      this.ask(null).then(
        (page) => {
          if (mine === this.#asked) [this.now, this.next] = [{ state: "ready", value: page.items }, page.next ?? null];
        },
        (error: unknown) => {
          if (mine === this.#asked) this.now = { state: "failed", error };
        },
      );
    });
  }

  again = (): void => {
    if (this.now.state === "failed") this.now = { state: "loading" };
    this.#turn += 1;
  };

  async more(): Promise<void> {
    if (this.busy || !this.next || this.now.state !== "ready") return;
    const mine = this.#asked;
    this.busy = true;
    try {
      const page = await this.ask(this.next);
      if (mine !== this.#asked) return;
      this.now = { state: "ready", value: [...this.now.value, ...page.items] };
      this.next = page.next ?? null;
    } catch (error) {
      toasts.say(failure(error), "bad");
    } finally {
      this.busy = false;
    }
  }
}
