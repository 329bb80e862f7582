import type { ReplayEdit, StudioReplay } from "../../staff/shapes.ts";

type Mark = NonNullable<ReplayEdit["chapters"]>[number];
type Span = NonNullable<ReplayEdit["hidden"]>[number];

/** What staff make of a replay before it is saved. Times are Unix ms of the programme. */
export class Draft {
  #version: number;
  start_ms = $state<number | null>(null);
  end_ms = $state<number | null>(null);
  hidden = $state.raw<Span[]>([]);
  /** Where a part that is to be hidden begins, until its end is chosen. */
  hiding_ms = $state<number | null>(null);
  chapters = $state.raw<Mark[]>([]);
  #corrected = false;
  /** The picture that stands for the replay. */
  poster_ms = $state<number | null>(null);
  changed = $state(false);

  constructor({ edit, pins }: Pick<StudioReplay, "edit" | "pins">) {
    this.#version = edit.version;
    this.start_ms = edit.start_ms ?? null;
    this.end_ms = edit.end_ms ?? null;
    this.hidden = edit.hidden ?? [];
    this.#corrected = Boolean(edit.chapters);
    this.chapters = edit.chapters ?? pins;
    this.poster_ms = edit.poster_ms ?? null;
  }

  trim(which: "start_ms" | "end_ms", at_ms: number | null): void {
    this[which] = at_ms;
    this.changed = true;
  }

  poster(at_ms: number | null): void {
    this.poster_ms = at_ms;
    this.changed = true;
  }

  /** First the beginning of what is to be hidden, then its end. */
  hide(at_ms: number): void {
    const from_ms = this.hiding_ms;
    if (from_ms === null) {
      this.hiding_ms = at_ms;
      return;
    }
    this.hiding_ms = null;
    if (at_ms <= from_ms) return;
    this.hidden = [...this.hidden, { from_ms, to_ms: at_ms }];
    this.changed = true;
  }

  show(place: number): void {
    this.hidden = this.hidden.filter((_, one) => one !== place);
    this.changed = true;
  }

  /** A chapter begins at another moment; a new one where `place` is none. */
  mark(place: number | null, mark: Mark): void {
    const others = this.chapters.filter((_, one) => one !== place);
    this.#correct([...others, mark]);
  }

  drop(place: number): void {
    this.#correct(this.chapters.filter((_, one) => one !== place));
  }

  #correct(chapters: Mark[]): void {
    this.chapters = chapters.toSorted((one, other) => one.at_ms - other.at_ms);
    this.#corrected = true;
    this.changed = true;
  }

  get edit(): ReplayEdit {
    return {
      version: this.#version,
      start_ms: this.start_ms,
      end_ms: this.end_ms,
      hidden: this.hidden,
      chapters: this.#corrected ? this.chapters : null,
      poster_ms: this.poster_ms,
    };
  }
}
