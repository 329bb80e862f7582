import type { Money, ProductDraftBody, ProductEdit, Texts, VariantDraft, VariantEdit } from "../../staff/shapes.ts";
import { moneyInput, parseMoney } from "../../ui/format.ts";
import { combinations, nextId } from "./combinations.ts";

/** A row of the grid while a person types: amounts and counts are still words. */
export interface VariantRow {
  id?: string;
  /** One value of each option, by id. */
  values: string[];
  sku: string;
  prices: Record<string, string>;
  stock: Record<string, { on_hand: string; buffer: string }>;
  weight: string;
}

export interface Option {
  name: Texts;
  values: { id: string; label: Texts }[];
}

/** What could not be read, by the server's field names, in the words that the form uses. */
export type Wrong = Record<string, "amount" | "count">;

/** The product's form. What is typed stays as typed; {@link read} makes the product of it, or says what cannot be read. */
export class ProductDraft {
  texts = $state<ProductEdit["texts"]>({ title: {}, description: {}, materials: {}, warnings: {}, model_size: {} });
  brand_id = $state("");
  seller_id = $state("");
  category = $state("fashion");
  options = $state<Option[]>([]);
  variants = $state<VariantRow[]>([]);
  media_ids = $state<string[]>([]);
  origin = $state("");
  hs_code = $state("");
  minimum_age = $state("");
  one_of_a_kind = $state(false);
  no_withdrawal = $state("");
  grade = $state("");
  defects = $state<Texts>({});
  measurements = $state<ProductEdit["measurements"]>([]);
  size_chart = $state<NonNullable<ProductEdit["size_chart"]> | null>(null);

  constructor(product?: ProductEdit) {
    if (product) this.take(product);
    else this.variants = [emptyRow([])];
  }

  take(product: ProductEdit): void {
    this.texts = { ...product.texts };
    this.brand_id = product.brand_id;
    this.seller_id = product.seller_id ?? "";
    this.category = product.category;
    this.options = product.axes.map((axis) => ({
      name: axis.name,
      values: axis.values.map((value) => ({ id: value.id ?? "", label: value.label })),
    }));
    this.variants = product.variants.map(rowOf);
    this.media_ids = [...product.media_ids];
    this.origin = product.origin ?? "";
    this.hs_code = product.hs_code ?? "";
    this.minimum_age = counted(product.minimum_age);
    this.one_of_a_kind = product.one_of_a_kind;
    this.no_withdrawal = product.no_withdrawal ?? "";
    this.grade = product.condition?.grade ?? "";
    this.defects = product.condition?.defects ?? {};
    this.measurements = product.measurements;
    this.size_chart = product.size_chart ?? null;
  }

  addOption(): void {
    this.options.push({ name: {}, values: [{ id: this.#newId(), label: {} }] });
  }

  addValue(option: Option): void {
    option.values.push({ id: this.#newId(), label: {} });
  }

  /** A row for each combination of values; rows that are there already keep what they hold. */
  spread(): void {
    const rows = this.variants;
    this.variants = combinations(this.options.map((option) => option.values.map((value) => value.id))).map(
      (values) => rows.find((row) => row.values.join() === values.join()) ?? emptyRow(values),
    );
  }

  #newId(): string {
    return nextId(this.options.flatMap((option) => option.values.map((value) => value.id)));
  }

  read(): { product: ProductDraftBody; wrong: Wrong } {
    const wrong: Wrong = {};
    const variants = this.variants.map((row, at) => readRow(row, `variants.${at}`, wrong));
    const age = this.minimum_age.trim() === "" ? null : whole(this.minimum_age, "minimum_age", wrong);
    const product = {
      texts: this.texts,
      brand_id: this.brand_id,
      seller_id: this.seller_id,
      category: this.category,
      axes: this.options.map((option) => ({ name: option.name, values: option.values })),
      variants,
      media_ids: this.media_ids,
      origin: this.origin || null,
      hs_code: this.hs_code.trim() || null,
      minimum_age: age,
      one_of_a_kind: this.one_of_a_kind,
      no_withdrawal: this.no_withdrawal || null,
      condition: this.grade ? { grade: this.grade, defects: this.defects } : null,
      measurements: this.measurements.filter((one) => one.value.trim() !== ""),
      size_chart: this.size_chart,
    };
    return { product, wrong };
  }
}

export function emptyRow(values: string[]): VariantRow {
  return { values, sku: "", prices: {}, stock: {}, weight: "" };
}

function rowOf(variant: VariantEdit): VariantRow {
  return {
    id: variant.id,
    values: variant.values,
    sku: variant.sku,
    prices: Object.fromEntries(variant.prices.map((price) => [price.currency, moneyInput(price)])),
    stock: Object.fromEntries(
      variant.stock.map((at) => [at.location_id, { on_hand: String(at.on_hand), buffer: String(at.buffer ?? 0) }]),
    ),
    weight: counted(variant.weight_g),
  };
}

function readRow(row: VariantRow, field: string, wrong: Wrong): VariantDraft {
  const prices: Money[] = [];
  for (const [currency, typed] of Object.entries(row.prices)) {
    if (typed.trim() === "") continue;
    const price = parseMoney(typed, currency);
    if (price) prices.push(price);
    else wrong[`${field}.prices.${currency}`] = "amount";
  }
  const stock: VariantDraft["stock"] = Object.entries(row.stock).map(([location_id, at]) => ({
    location_id,
    on_hand: whole(at.on_hand, `${field}.stock.${location_id}`, wrong),
    buffer: whole(at.buffer, `${field}.stock.${location_id}`, wrong),
  }));
  const weight_g = row.weight.trim() === "" ? null : whole(row.weight, `${field}.weight_g`, wrong);
  return { ...(row.id ? { id: row.id } : {}), sku: row.sku.trim(), values: row.values, prices, stock, weight_g };
}

const counted = (count: number | null | undefined) => (count == null ? "" : String(count));

/** A count as typed; nothing typed is 0. */
function whole(typed: string, field: string, wrong: Wrong): number {
  const text = typed.trim();
  if (text === "") return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  wrong[field] = "count";
  return 0;
}
