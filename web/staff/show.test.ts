import { expect, test } from "vitest";
import type { ProductEdit } from "./shapes.ts";
import { cardOf, type RawShow, showOf } from "./show.ts";

const product = {
  texts: { title: { en: "Scarf" } },
  media_ids: ["m1"],
  variants: [
    { prices: [{ amount_minor: 100, currency: "EUR" }], stock: [{ location_id: "l", on_hand: 5, buffer: 2 }] },
    { prices: [], stock: [{ location_id: "l", on_hand: 1, buffer: 2 }] },
  ],
} as unknown as ProductEdit;
const raw = {
  id: "s",
  title: { text: "Seide", lang: "de" },
  titles: { en: "Silk", zh: "丝绸" },
  state: "away",
  run_sheet: [
    { number: 1, product_id: "known", talking_points: "", sale: "open", title: { en: "Belt" }, free: 4, sold: 2 },
    { number: 2, product_id: "asked", talking_points: "", sale: "open" },
    { number: 3, product_id: "gone", talking_points: "", sale: "stopped" },
  ],
  figures: { viewers: 7, peak: 9 },
  health: { state: "receiving", warnings: ["no_audio"] },
} as unknown as RawShow;

test("a short answer is filled up, a full one is taken as it is", async () => {
  const show = await showOf(raw, (id) => (id === "asked" ? Promise.resolve(product) : Promise.reject(new Error(id))));
  expect(show.title).toEqual({ en: "Silk", zh: "丝绸" });
  expect(show.lifecycle).toBe("live");
  expect(show.figures).toMatchObject({ viewers: 7, peak: 9, orders: 0, gmv: [] });
  expect(show.health?.warnings).toEqual([{ code: "no_audio", text: "" }]);
  expect(show.run_sheet.map(({ title, free, sold }) => [title.en, free, sold])).toEqual([
    ["Belt", 4, 2],
    ["Scarf", 3, 0],
    [undefined, 0, 0],
  ]);
});

test("a card in one language keeps it", () => {
  expect(cardOf({ ...raw, titles: undefined }).title).toEqual({ de: "Seide" });
});
