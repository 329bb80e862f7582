import type { DropDraft, DropRow } from "../../staff/drops.ts";
import type { Money } from "../../staff/shapes.ts";
import { dropWords } from "../../staff/words/drops.ts";
import { moneyInput, parseMoney } from "../../ui/format.ts";

/** What the drop's form holds while a person types. */
export class Draft {
  number = $state("");
  variant_id = $state("");
  quantity = $state("10");
  limit = $state("1");
  price = $state<Record<string, string>>({});
  /** "m10": minutes; "h24": hours after the show. */
  hold = $state("m10");
  /** Seconds; empty: until it is gone. */
  window = $state("");
  everywhere = $state(true);
  countries = $state<string[]>([]);
  errors = $state<Record<string, string>>({});

  constructor(from?: DropRow, number?: number) {
    if (number !== undefined) this.number = String(number);
    if (!from) return;
    this.number = String(from.number);
    this.variant_id = from.variant_id;
    this.quantity = String(from.quantity);
    this.limit = String(from.limit);
    this.price = Object.fromEntries(from.unit.map((money) => [money.currency, moneyInput(money)]));
    this.hold = from.hold.minutes != null ? `m${from.hold.minutes}` : `h${from.hold.after_show_hours ?? 24}`;
    this.window = from.window_s == null ? "" : String(from.window_s);
    this.everywhere = from.countries == null;
    this.countries = [...(from.countries ?? [])];
  }

  /** The body to send, or null where something is missing: `errors` says what. */
  check(currencies: readonly string[]): DropDraft | null {
    const w = dropWords();
    const errors: Record<string, string> = {};
    const quantity = /^\d{1,7}$/.test(this.quantity.trim()) ? Number(this.quantity) : 0;
    if (quantity < 1) errors["quantity"] = w.needQuantity;
    const unit: Money[] = [];
    for (const currency of currencies) {
      const typed = (this.price[currency] ?? "").trim();
      const price = typed === "" ? null : parseMoney(typed, currency);
      if (price && price.amount_minor > 0) unit.push(price);
      else if (typed !== "") errors[currency] = w.needPrice(currency);
    }
    if (!this.everywhere && this.countries.length === 0) errors["countries"] = w.needCountry;
    this.errors = errors;
    if (Object.keys(errors).length > 0) return null;
    const length = Number(this.hold.slice(1));
    return {
      number: Number(this.number),
      variant_id: this.variant_id,
      unit,
      quantity,
      limit: Number(this.limit),
      hold: this.hold.startsWith("m") ? { minutes: length } : { after_show_hours: length },
      countries: this.everywhere ? null : this.countries,
      window_s: this.window === "" ? null : Number(this.window),
    };
  }
}
