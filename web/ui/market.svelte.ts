import type { House } from "../client/shapes.ts";

const KEY = "ts.market";
const currencyOf: Record<string, string> = { US: "USD", GB: "GBP", CN: "CNY", JP: "JPY" };
const euro = ["AT", "BE", "DE", "ES", "FI", "FR", "GR", "IE", "IT", "LU", "NL", "PT"];

export interface Choice {
  country: string;
  currency: string;
}

/** Where this buyer wants things sent and what they pay in; sent with every priced question, kept in this browser. */
class Market {
  #chosen = $state<Choice | null>(remembered());
  #guess = $state<Choice | null>(null);

  get now(): Choice | null {
    return this.#chosen ?? this.#guess;
  }

  /** Takes the house's lists: a choice that it no longer serves is dropped, and a first guess is made. */
  settle(house: Pick<House, "countries" | "currencies">): void {
    const chosen = this.#chosen;
    const served = chosen && house.countries.includes(chosen.country) && house.currencies.includes(chosen.currency);
    if (chosen && !served) this.#chosen = null;
    const region = navigator.languages.map(regionOf).find((one) => one !== null && house.countries.includes(one));
    const country = region ?? house.countries[0] ?? "US";
    const usual = currencyOf[country] ?? (euro.includes(country) ? "EUR" : "");
    this.#guess = { country, currency: house.currencies.includes(usual) ? usual : (house.currencies[0] ?? "USD") };
  }

  choose(choice: Choice): void {
    this.#chosen = choice;
    try {
      localStorage.setItem(KEY, JSON.stringify(choice));
    } catch {
      // Holds for this page only then.
    }
  }

  /** `{currency, country}` for a query; empty before the house is known. */
  get query(): { currency?: string; country?: string } {
    return this.now ? { ...this.now } : {};
  }
}

function remembered(): Choice | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Choice | null;
    return kept && typeof kept.country === "string" && typeof kept.currency === "string" ? kept : null;
  } catch {
    return null;
  }
}

function regionOf(tag: string): string | null {
  try {
    return new Intl.Locale(tag).region ?? null;
  } catch {
    return null;
  }
}

export const market = new Market();
