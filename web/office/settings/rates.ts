import type { Money, ShippingRate, Texts } from "../../staff/shapes.ts";
import { moneyInput, parseMoney } from "../../ui/format.ts";

/** A rate while a person types. */
export interface RateRow {
  id?: string;
  country: string;
  name: Texts;
  prices: Record<string, string>;
  from: string;
  to: string;
}

export function rowOf(rate: ShippingRate): RateRow {
  return {
    id: rate.id ?? undefined,
    country: rate.country,
    name: { ...rate.name },
    prices: Object.fromEntries(rate.price.map((price) => [price.currency, moneyInput(price)])),
    from: String(rate.days[0]),
    to: String(rate.days[1]),
  };
}

export function emptyRate(): RateRow {
  return { country: "*", name: {}, prices: {}, from: "2", to: "5" };
}

/** The rates as the server takes them, and which fields (`{row}.{currency}`, `{row}.days`) could not be read. */
export function readRates(rows: readonly RateRow[]): { rates: ShippingRate[]; wrong: Record<string, boolean> } {
  const wrong: Record<string, boolean> = {};
  const rates = rows.map((row, at): ShippingRate => {
    const price: Money[] = [];
    for (const [currency, typed] of Object.entries(row.prices)) {
      if (typed.trim() === "") continue;
      const amount = parseMoney(typed, currency);
      if (amount) price.push(amount);
      else wrong[`${at}.${currency}`] = true;
    }
    const days: [number, number] = [Number(row.from), Number(row.to)];
    if (!days.every((one) => Number.isInteger(one) && one >= 0)) wrong[`${at}.days`] = true;
    return { ...(row.id ? { id: row.id } : {}), country: row.country, name: row.name, price, days };
  });
  return { rates, wrong };
}
