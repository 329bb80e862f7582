import { untrack } from "svelte";

/** Short notices. At most 3 are shown; the oldest gives way. */
const BOUND = 3;
export interface Notice {
  id: number;
  text: string;
  tone: "plain" | "good" | "bad";
}

class Toasts {
  list = $state<Notice[]>([]);
  #next = 1;

  /** Shows a notice for `ms` (6 s; an error 9 s). */
  say(text: string, tone: Notice["tone"] = "plain", ms = tone === "bad" ? 9000 : 6000): void {
    const notice = { id: this.#next++, text, tone };
    // An effect that says something must not run again because notices come and go.
    this.list = [...untrack(() => this.list).slice(-(BOUND - 1)), notice];
    setTimeout(() => this.drop(notice.id), ms);
  }

  drop(id: number): void {
    this.list = this.list.filter((one) => one.id !== id);
  }
}

export const toasts = new Toasts();
