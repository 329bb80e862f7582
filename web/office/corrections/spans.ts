import type { Money } from "../../staff/shapes.ts";

/** A version of a price as the history tells it. */
export interface Version {
  id: string;
  currency: string;
  price?: Money | null;
  from: string;
}

/** A version, and until when it held; null is today's. */
export interface Span extends Version {
  until: string | null;
}

/** When each version of each currency held; the newest first. */
export function spans(versions: readonly Version[]): Span[] {
  const byStart = (a: Version, b: Version) => Date.parse(a.from) - Date.parse(b.from) || (a.id < b.id ? -1 : 1);
  const rising = [...versions].sort(byStart);
  return rising
    .map((version, at) => {
      const next = rising.slice(at + 1).find((later) => later.currency === version.currency);
      return { ...version, until: next?.from ?? null };
    })
    .reverse();
}

/** Those that may have been wrong: a price, and not today's any more. */
export const former = (all: readonly Span[]): Span[] => all.filter((span) => span.price && span.until !== null);
