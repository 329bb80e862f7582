export type Loaded<Value> =
  | { state: "loading" }
  | { state: "ready"; value: Value }
  | { state: "failed"; error: unknown };

/**
 * Loads a value and loads it again whenever what `ask` reads changes (language, market, an id). A newer question drops
 * the older answer. Use `loaded.now` in the template and `loaded.again()` for "Try again".
 */
export function loading<Value>(ask: (signal: AbortSignal) => Promise<Value>, first?: Value) {
  let now = $state.raw<Loaded<Value>>(first === undefined ? { state: "loading" } : { state: "ready", value: first });
  let turn = $state(0);

  $effect(() => {
    void turn;
    const stop = new AbortController();
    ask(stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) now = { state: "ready", value };
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        // What was shown stays in view when a later question fails; null says that nothing could be asked yet.
        const shown = now.state === "ready" && now.value !== null;
        if (!shown) now = { state: "failed", error };
      },
    );
    return () => stop.abort();
  });

  return {
    get now() {
      return now;
    },
    get value(): Value | undefined {
      return now.state === "ready" ? now.value : undefined;
    },
    /** Puts in an answer that another command gave. */
    set(value: Value) {
      now = { state: "ready", value };
    },
    again() {
      if (now.state === "failed") now = { state: "loading" };
      turn += 1;
    },
  };
}
