/** The languages that the pages speak. Another one is a key here and a file per dictionary. */
export const languages = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof languages;

const KEY = "ts.language";

function known(value: string | null | undefined): Language | null {
  const short = value?.slice(0, 2).toLowerCase();
  return short && short in languages ? (short as Language) : null;
}

function first(): Language {
  if (typeof document === "undefined") return "en";
  const asked = known(new URLSearchParams(location.search).get("lang"));
  if (asked) return asked;
  const kept = known(remembered());
  if (kept) return kept;
  return navigator.languages.map(known).find((one) => one !== null) ?? "en";
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // Storage is refused in some private windows; the browser's language is used then.
    return null;
  }
}

class Current {
  #now = $state<Language>(first());

  constructor() {
    this.#mark();
  }

  get now(): Language {
    return this.#now;
  }

  /** The locale for numbers and times: the browser's own region where it speaks the same language. */
  get locale(): string {
    if (typeof navigator === "undefined") return this.#now;
    return navigator.languages.find((one) => known(one) === this.#now) ?? (this.#now === "zh" ? "zh-CN" : "en-US");
  }

  set(language: Language): void {
    this.#now = language;
    this.#mark();
    try {
      localStorage.setItem(KEY, language);
    } catch {
      // Not kept across pages then; this page still changes.
    }
  }

  #mark(): void {
    if (typeof document !== "undefined") document.documentElement.lang = this.#now;
  }
}

/** The language of this browser: read `language.now` in a template and it follows a change at once. */
export const language = new Current();
