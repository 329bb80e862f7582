import type { AddressPart } from "../../client/shapes.ts";
import { texts } from "../../ui/i18n/index.ts";

/** Names of the form's fields, as browsers fill them in (`autocomplete`). */
export type AddressField = "address-line1" | "address-line2" | "city" | "region" | "postal-code";
export interface FieldForm {
  name: AddressField;
  label: string;
  required: boolean;
  /** Digits alone: a phone shows its number pad. */
  digits: boolean;
}
type Part = AddressPart["part"];
type Word = keyof (typeof en)["labels"];

/** What a country calls a part; where it has no word of its own, the plain one. */
const plain: Record<Part, Word> = { lines: "street", city: "city", region: "province", postal_code: "postcode", name: "name" };
const own: Record<string, Partial<Record<Part | "more", Word>>> = {
  US: { region: "state", postal_code: "zip" },
  PR: { region: "state", postal_code: "zip" },
  AU: { city: "suburb", region: "state" },
  IN: { region: "state" },
  BR: { region: "state" },
  MX: { region: "state" },
  GB: { city: "town" },
  IE: { city: "town", region: "county", postal_code: "eircode" },
  HK: { city: "district", region: "area", more: "flat" },
  MO: { city: "district", region: "area", more: "flat" },
  SG: { more: "flat" },
  CN: { city: "cityDistrict", lines: "streetNumber", more: "flat" },
  TW: { city: "cityDistrict", lines: "streetNumber", more: "flat" },
  KR: { city: "cityDistrict", lines: "streetNumber", more: "flat" },
  JP: { region: "prefecture", city: "cityWard", lines: "block", more: "building" },
};

/** The form's fields: the API says which parts a country writes, in what order, and which it needs. */
export function fieldsOf(country: string, parts: readonly AddressPart[]): FieldForm[] {
  return parts.flatMap((one): FieldForm[] => {
    const word = own[country]?.[one.part] ?? plain[one.part];
    const field = { label: addressTexts().labels[word], required: one.needed, digits: false };
    switch (one.part) {
      case "lines": {
        const more = addressTexts().labels[own[country]?.more ?? "more"];
        return [
          { ...field, name: "address-line1" },
          { name: "address-line2", label: more, required: false, digits: false },
        ];
      }
      case "postal_code":
        return [{ ...field, name: "postal-code", digits: one.like.length > 0 && one.like.every((like) => /^9+$/.test(like)) }];
      case "city":
      case "region":
        return [{ ...field, name: one.part }];
      case "name":
        // Who receives it stands with the contact.
        return [];
    }
  });
}

/** Where the country's form cannot be asked for: everything, little of it needed. */
export const anyForm: AddressPart[] = [
  { part: "lines", needed: true, like: [] },
  { part: "city", needed: false, like: [] },
  { part: "region", needed: false, like: [] },
  { part: "postal_code", needed: false, like: [] },
];

const en = {
  labels: {
    name: "Name",
    street: "Street and number",
    more: "Flat, floor, company",
    city: "City",
    town: "Town",
    suburb: "Suburb",
    district: "District",
    area: "Area",
    cityDistrict: "City and district",
    cityWard: "City, ward",
    streetNumber: "Street, building, room",
    flat: "Flat, floor, building",
    block: "Block and number",
    building: "Building, room",
    state: "State",
    province: "Province",
    prefecture: "Prefecture",
    county: "County",
    zip: "ZIP code",
    postcode: "Postcode",
    eircode: "Eircode",
  },
};
const zh: typeof en = {
  labels: {
    name: "姓名",
    street: "街道与门牌号",
    more: "房间、楼层或公司",
    city: "城市",
    town: "城镇",
    suburb: "城区",
    district: "地区",
    area: "区域",
    cityDistrict: "城市与区县",
    cityWard: "市区町村",
    streetNumber: "街道、楼栋、房间号",
    flat: "单位、楼层、大厦",
    block: "番地",
    building: "大楼、房间号",
    state: "州",
    province: "省份",
    prefecture: "都道府县",
    county: "郡",
    zip: "邮政编码 (ZIP)",
    postcode: "邮政编码",
    eircode: "邮政编码 (Eircode)",
  },
};
export const addressTexts = texts({ en, zh });
