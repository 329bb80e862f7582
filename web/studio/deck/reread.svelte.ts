/** Waited for further news before a list is asked for again, ms. */
const SETTLES_MS = 150;

/** Asks again when the phases move: a colleague acted, or its own time came. Not at every piece or answer in between. */
export function rereadWith(phases: () => readonly { id: string; phase: string; opens_at_ms?: number | null }[], again: () => void): void {
  const moved = $derived(phases().map((one) => `${one.id} ${one.phase} ${one.opens_at_ms ?? ""}`).join());
  let first = true;
  $effect(() => {
    void moved;
    if (first) return void (first = false);
    const timer = setTimeout(again, SETTLES_MS);
    return () => clearTimeout(timer);
  });
}
