import type { Money } from "../client/shapes.ts";
import { language } from "./i18n/language.svelte.ts";

/** Minor-unit digits of a currency, as `Intl` knows them (USD 2, JPY 0). */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** `{amount_minor: 19800, currency: "USD"}` → "$198.00" in the viewer's locale. */
export function money(value: Money): string {
  const digits = minorDigits(value.currency);
  return new Intl.NumberFormat(language.locale, {
    style: "currency",
    currency: value.currency,
    currencyDisplay: "symbol",
  }).format(value.amount_minor / 10 ** digits);
}

/** What a person typed ("198", "198.00", "1,980.5") → money, or null where it is not an amount of that currency. */
export function parseMoney(typed: string, currency: string): Money | null {
  const digits = minorDigits(currency);
  const plain = typed.replace(/[\s,]/g, "");
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(plain);
  if (!match) return null;
  const fraction = match[2] ?? "";
  if (fraction.length > digits) return null;
  return { amount_minor: Number(match[1]! + fraction.padEnd(digits, "0")), currency };
}

/** Money as a plain number for an input field: 19800 USD → "198.00". */
export function moneyInput(value: Money): string {
  const digits = minorDigits(value.currency);
  return (value.amount_minor / 10 ** digits).toFixed(digits);
}

const kinds = {
  time: { hour: "numeric", minute: "2-digit" },
  date: { day: "numeric", month: "short", year: "numeric" },
  day: { weekday: "short", day: "numeric", month: "short" },
  dayTime: { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" },
  full: { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit", timeZoneName: "short" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;
export type TimeKind = keyof typeof kinds;

/** A moment (RFC 3339 text, or Unix ms) in the viewer's locale; in the viewer's zone unless another is named. */
export function moment(at: string | number, kind: TimeKind = "dayTime", timeZone?: string): string {
  return new Intl.DateTimeFormat(language.locale, { ...kinds[kind], timeZone }).format(new Date(at));
}

/** 12,400 → "12K" (en), "1.2万" (zh). */
export function compact(count: number): string {
  return new Intl.NumberFormat(language.locale, { notation: "compact", maximumFractionDigits: 1 }).format(count);
}

/** 12,400 → "12,400". */
export function count(value: number): string {
  return new Intl.NumberFormat(language.locale).format(value);
}

/** Seconds → "1:58", "1:02:03". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** ISO country code → its name in the viewer's language. */
export function countryName(code: string): string {
  return new Intl.DisplayNames([language.now], { type: "region" }).of(code) ?? code;
}

/** ISO currency code → its name in the viewer's language. */
export function currencyName(code: string): string {
  return new Intl.DisplayNames([language.now], { type: "currency" }).of(code) ?? code;
}
