/**
 * The order of a list while a person changes it: by pointer (mouse, pen and finger alike) or by steps. The owner keeps
 * the truth in `source` and is told of every new order; what is dragged shows where it would land.
 */
export class Reorder<Item> {
  #draft = $state.raw<Item[] | null>(null);
  dragged = $state<number | null>(null);
  #list: HTMLElement | null = null;

  constructor(
    private readonly source: () => Item[],
    private readonly ondone: (items: Item[], moved: Item | undefined, place: number) => void,
  ) {}

  get items(): Item[] {
    return this.#draft ?? this.source();
  }

  /** The list whose children are the rows, in order. */
  list = (element: HTMLElement) => {
    this.#list = element;
  };

  /** Drops the draft: the source holds the order again. */
  settle(): void {
    if (this.dragged === null) this.#draft = null;
  }

  move(at: number, by: -1 | 1): void {
    const to = at + by;
    if (to < 0 || to >= this.items.length) return;
    this.#draft = moved(this.items, at, to);
    this.ondone(this.#draft, this.#draft[to], to);
  }

  start(event: PointerEvent, at: number): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const handle = event.currentTarget as HTMLElement;
    handle.focus({ preventScroll: true });
    const from = at;
    this.dragged = at;
    this.#draft = this.items;

    const follow = (move: PointerEvent) => {
      const to = this.#under(move.clientY);
      if (to === null || this.dragged === null || to === this.dragged) return;
      this.#draft = moved(this.items, this.dragged, to);
      this.dragged = to;
    };
    const finish = (end: PointerEvent) => {
      removeEventListener("pointermove", follow);
      removeEventListener("pointerup", finish);
      removeEventListener("pointercancel", finish);
      const to = this.dragged ?? from;
      this.dragged = null;
      if (end.type === "pointercancel" || to === from) this.#draft = null;
      else this.ondone(this.items, this.items[to], to);
    };
    // On the window, as the row moves away from under the pointer.
    addEventListener("pointermove", follow);
    addEventListener("pointerup", finish);
    addEventListener("pointercancel", finish);
  }

  /** The row that a height on the screen falls into; past the ends, the first or the last. */
  #under(y: number): number | null {
    const rows = this.#list ? [...this.#list.children] : [];
    const at = rows.findIndex((row) => y < row.getBoundingClientRect().bottom);
    return rows.length === 0 ? null : at === -1 ? rows.length - 1 : at;
  }
}

export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_, at) => at !== from);
  return [...rest.slice(0, to), items[from]!, ...rest.slice(to)];
}
