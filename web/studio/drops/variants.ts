import type { TrayItem } from "../../staff/shapes.ts";

/** "Red · M": a variant in the shop's words; its SKU where it has none. */
export function variantName(item: TrayItem, id: string): string {
  const variant = item.variants.find((one) => one.id === id);
  if (!variant) return "";
  const values = item.axes.flatMap((axis) => axis.values);
  const words = variant.values.map((value) => values.find((one) => one.id === value)?.label.text ?? value);
  return words.join(" · ") || variant.sku;
}
