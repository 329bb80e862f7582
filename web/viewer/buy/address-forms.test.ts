import { expect, it } from "vitest";
import type { AddressPart } from "../../client/shapes.ts";
import { fieldsOf } from "./address-forms.ts";

const part = (name: AddressPart["part"], needed = true, ...like: string[]): AddressPart => ({ part: name, needed, like });
const chinese = [part("postal_code", true, "999999"), part("region"), part("city"), part("lines"), part("name")];

it("keeps the country's order, and asks for the receiver elsewhere", () => {
  expect(fieldsOf("CN", chinese).map(({ name, label, required }) => [name, label, required])).toEqual([
    ["postal-code", "Postcode", true],
    ["region", "Province", true],
    ["city", "City and district", true],
    ["address-line1", "Street, building, room", true],
    ["address-line2", "Flat, floor, building", false],
  ]);
});

it("shows a number pad only where a code is digits alone", () => {
  const digits = (...like: string[]) => fieldsOf("XX", [part("postal_code", true, ...like)])[0]?.digits;
  expect([digits("999999"), digits("99999", "99999-9999"), digits("A9 9AA"), digits()]).toEqual([true, false, false, false]);
});
