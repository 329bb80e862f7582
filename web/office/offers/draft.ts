import type { Money, Offer, OfferDraft, OfferKind, Texts } from "../../staff/shapes.ts";
import { inZone, ownZone, toUtc } from "../../staff/zones.ts";
import { moneyInput, parseMoney } from "../../ui/format.ts";

/** An offer as its form holds it: what is typed, as it is typed. */
export interface OfferForm {
  version: number | null;
  name: Texts;
  code: string;
  kind: OfferKind;
  percent: string;
  amounts: Record<string, string>;
  bundle: string[];
  gift: string;
  quantity: string;
  categories: string[];
  products: string[];
  show: string;
  minimum: Record<string, string>;
  /** `2026-11-22T20:00`, on this browser's wall. */
  from: string;
  until: string;
  uses: string;
  perBuyer: string;
  combinable: boolean;
}

const wall = (utc: string): string => {
  const { date, time } = inZone(utc, ownZone());
  return `${date}T${time}`;
};
const typed = (amounts: readonly Money[]) => Object.fromEntries(amounts.map((one) => [one.currency, moneyInput(one)]));

export const emptyForm = (now: string): OfferForm => ({
  version: null,
  name: {},
  code: "",
  kind: "percent",
  percent: "10",
  amounts: {},
  bundle: [],
  gift: "",
  quantity: "1",
  categories: [],
  products: [],
  show: "",
  minimum: {},
  from: wall(now),
  until: "",
  uses: "",
  perBuyer: "",
  combinable: true,
});

export const formOf = (offer: Offer): OfferForm => ({
  version: offer.version,
  name: offer.name,
  code: offer.code ?? "",
  kind: offer.gives.kind,
  percent: offer.gives.basis_points == null ? "" : String(offer.gives.basis_points / 100),
  amounts: typed(offer.gives.amounts),
  bundle: offer.gives.products,
  gift: offer.gives.variant_id ?? "",
  quantity: String(offer.gives.quantity ?? 1),
  categories: offer.categories,
  products: offer.products,
  show: offer.show_id ?? "",
  minimum: typed(offer.minimum),
  from: wall(offer.from),
  until: offer.until ? wall(offer.until) : "",
  uses: offer.uses?.toString() ?? "",
  perBuyer: offer.per_buyer?.toString() ?? "",
  combinable: offer.combinable,
});

export type Wrong = Partial<Record<"percent" | "quantity" | "from" | "until" | "uses" | "perBuyer" | `amount.${string}` | `minimum.${string}`, true>>;

/** The form as it is sent, and the fields that are no numbers or times. */
export function readForm(form: OfferForm): { draft: OfferDraft; wrong: Wrong } {
  const wrong: Wrong = {};
  const count = (text: string, field: "uses" | "perBuyer" | "quantity"): number | null => {
    if (text.trim() === "") return null;
    if (/^\d{1,9}$/.test(text.trim())) return Number(text.trim());
    wrong[field] = true;
    return null;
  };
  const monies = (all: Record<string, string>, field: "amount" | "minimum"): Money[] =>
    Object.entries(all).flatMap(([currency, text]) => {
      if (text.trim() === "") return [];
      const money = parseMoney(text, currency);
      if (!money) wrong[`${field}.${currency}`] = true;
      return money ? [money] : [];
    });
  const time = (text: string, field: "from" | "until"): string | null => {
    const [, date, clock] = /^(\d{4,}-\d\d-\d\d)T(\d\d:\d\d)/.exec(text) ?? [];
    const utc = date && clock ? toUtc(date, clock, ownZone()) : null;
    if (!utc) wrong[field] = true;
    return utc;
  };
  const percent = /^\d{1,3}(\.\d{1,2})?$/.test(form.percent.trim()) ? Math.round(Number(form.percent) * 100) : null;
  if (form.kind === "percent" && percent === null) wrong.percent = true;
  const priced = form.kind === "amount" || form.kind === "price" || form.kind === "bundle";
  const draft: OfferDraft = {
    version: form.version,
    name: form.name,
    code: form.code.trim() || null,
    gives: {
      kind: form.kind,
      basis_points: form.kind === "percent" ? percent : null,
      amounts: priced ? monies(form.amounts, "amount") : [],
      products: form.kind === "bundle" ? form.bundle : [],
      variant_id: form.kind === "gift" ? form.gift : null,
      quantity: form.kind === "gift" ? (count(form.quantity, "quantity") ?? 1) : null,
    },
    categories: form.categories,
    products: form.products,
    show_id: form.show || null,
    minimum: monies(form.minimum, "minimum"),
    from: time(form.from, "from") ?? "",
    until: form.until === "" ? null : time(form.until, "until"),
    uses: count(form.uses, "uses"),
    per_buyer: count(form.perBuyer, "perBuyer"),
    combinable: form.combinable,
  };
  return { draft, wrong };
}

/** How an offer stands now. */
export function standing(offer: Pick<Offer, "from" | "until" | "stopped">, now_ms: number): "waits" | "counts" | "over" | "stopped" {
  if (offer.stopped) return "stopped";
  if (offer.until && Date.parse(offer.until) <= now_ms) return "over";
  return now_ms < Date.parse(offer.from) ? "waits" : "counts";
}
