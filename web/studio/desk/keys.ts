/** Two digits typed within this time are one number, ms. */
const DIGITS_WITHIN_MS = 600;

export interface KeyActs {
  pin: (number: number) => void;
  unpin: () => void;
  stopSale: () => void;
  reprice: () => void;
  drop: () => void;
  trivia: () => void;
  select: (by: -1 | 1) => void;
  pinSelected: () => void;
  chat: () => void;
  announce: () => void;
  help: () => void;
  /** Whether a show number exists: "1" waits for a second digit only where 10 to 19 do. */
  has: (number: number) => boolean;
}

/** The desk's keys. They rest while someone types, or while a question is open. */
export function deskKeys(acts: KeyActs) {
  let typed = "";
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(waiting);
    const number = Number(typed);
    typed = "";
    if (acts.has(number)) acts.pin(number);
  }
  function digit(key: string): void {
    typed = (typed + key).slice(-2);
    clearTimeout(waiting);
    if (typed === "0") {
      typed = "";
      return acts.unpin();
    }
    const longer = typed.length === 1 && Array.from({ length: 10 }, (_, i) => Number(typed) * 10 + i).some(acts.has);
    if (longer) waiting = setTimeout(flush, DIGITS_WITHIN_MS);
    else flush();
  }
  const named: Record<string, () => void> = {
    s: acts.stopSale,
    p: acts.reprice,
    d: acts.drop,
    t: acts.trivia,
    c: acts.chat,
    a: acts.announce,
    "?": acts.help,
    ArrowUp: () => acts.select(-1),
    ArrowDown: () => acts.select(1),
    Enter: acts.pinSelected,
  };

  return (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || isTaken(event)) return;
    if (/^\d$/.test(event.key)) {
      event.preventDefault();
      return digit(event.key);
    }
    const act = named[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
}

/** The key belongs to what has the focus: a field, an open dialog, or Enter and arrows on a control. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as Element | null;
  if (!target?.closest) return false;
  if (target.closest("input, textarea, select, [contenteditable], dialog")) return true;
  return (event.key === "Enter" || event.key.startsWith("Arrow")) && target.closest("button, a, summary, [role=tab]") !== null;
}
