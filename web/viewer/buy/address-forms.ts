import { texts } from "../../ui/i18n/index.ts";

/** Names of the form's fields, as browsers fill them in (`autocomplete`). */
export type AddressField = "address-line1" | "address-line2" | "city" | "region" | "postal-code";
export interface FieldForm {
  name: AddressField;
  label: keyof Labels;
  required: boolean;
}
type Labels = (typeof en)["labels"];

const field = (name: AddressField, label: keyof Labels, required = true): FieldForm => ({ name, label, required });
const western = [field("address-line1", "street"), field("address-line2", "more", false)];
const plain = [...western, field("postal-code", "postcode"), field("city", "city")];

const codeBeforeCity = (...countries: string[]) => Object.fromEntries(countries.map((country) => [country, plain]));
const european = "DE FR FI EE HR MC TR AT BE CH DK HU LI LU NO SI BG CY NL PL PT SE GR CZ SK".split(" ");

/** As `shop::address` has them: the server decides, the form only asks for what it will want. */
const forms: Record<string, FieldForm[]> = {
  ...codeBeforeCity(...european),
  US: [...western, field("city", "city"), field("region", "state"), field("postal-code", "zip")],
  CA: [...western, field("city", "city"), field("region", "province"), field("postal-code", "postcode")],
  AU: [...western, field("city", "suburb"), field("region", "state"), field("postal-code", "postcode")],
  NZ: [...western, field("city", "city"), field("postal-code", "postcode")],
  IN: [...western, field("city", "city"), field("region", "state"), field("postal-code", "postcode")],
  BR: [...western, field("city", "city"), field("region", "state"), field("postal-code", "postcode")],
  MX: [...western, field("postal-code", "postcode"), field("city", "city"), field("region", "state")],
  GB: [...western, field("city", "town"), field("postal-code", "postcode")],
  IE: [...western, field("city", "town"), field("region", "county", false), field("postal-code", "eircode", false)],
  IT: [...plain, field("region", "province", false)],
  ES: [...plain, field("region", "province", false)],
  HK: [field("city", "district"), field("address-line1", "street"), field("address-line2", "flat", false)],
  MO: [field("city", "district"), field("address-line1", "street"), field("address-line2", "flat", false)],
  SG: [field("address-line1", "street"), field("address-line2", "flat", false), field("postal-code", "postcode")],
  CN: [
    field("region", "province"),
    field("city", "cityDistrict"),
    field("address-line1", "streetNumber"),
    field("postal-code", "postcode"),
  ],
  TW: [field("postal-code", "postcode"), field("city", "cityDistrict"), field("address-line1", "streetNumber")],
  KR: [field("postal-code", "postcode"), field("city", "cityDistrict"), field("address-line1", "streetNumber")],
  JP: [
    field("postal-code", "postcode"),
    field("region", "prefecture"),
    field("city", "cityWard"),
    field("address-line1", "block"),
    field("address-line2", "building", false),
  ],
};
const loose = [
  ...western,
  field("city", "city"),
  field("region", "province", false),
  field("postal-code", "postcode", false),
];

/** The fields of an address in that country, in the order in which its people write them. */
export function addressForm(country: string): readonly FieldForm[] {
  return forms[country] ?? loose;
}

const en = {
  labels: {
    street: "Street and number",
    more: "Flat, floor, company",
    city: "City",
    town: "Town",
    suburb: "Suburb",
    district: "District",
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
    street: "街道与门牌号",
    more: "房间、楼层或公司",
    city: "城市",
    town: "城镇",
    suburb: "城区",
    district: "地区",
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
