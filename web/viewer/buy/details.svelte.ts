import type { Address, Contact } from "../../client/shapes.ts";
import type { AddressField, FieldForm } from "./address-forms.ts";
import { t } from "./texts.ts";

const KEY = "ts.details";
const empty = {
  name: "",
  email: "",
  phone: "",
  "address-line1": "",
  "address-line2": "",
  city: "",
  region: "",
  "postal-code": "",
};
export type DetailField = keyof typeof empty;

/** What a buyer has typed into the checkout. Kept for the tab only, so that the way back from a payment finds it again. */
class Details {
  values = $state<Record<DetailField, string>>(remembered());
  errors = $state<Partial<Record<DetailField, string>>>({});

  keep(): void {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.values));
    } catch {
      // Typed again after a payment then.
    }
  }

  /** Checks what is plain to see; the server decides. True where nothing is missing. */
  check(form: readonly FieldForm[]): boolean {
    const errors: Partial<Record<DetailField, string>> = {};
    const typed = (name: DetailField) => this.values[name].trim();
    if (!typed("name")) errors.name = t().needName;
    if (!typed("phone") && !typed("email")) errors.phone = t().needContact;
    if (typed("email") && !/^\S+@\S+\.\S+$/.test(typed("email"))) errors.email = t().badEmail;
    for (const field of form) {
      if (field.required && !typed(field.name)) errors[field.name] = t().need(field.label);
    }
    this.errors = errors;
    return Object.keys(errors).length === 0;
  }

  get contact(): Contact {
    const { name, email, phone } = this.values;
    return { name: name.trim(), email: email.trim() || null, phone: phone.trim() || null };
  }

  address(country: string, form: readonly FieldForm[]): Address {
    const asked = new Set<AddressField>(form.map((field) => field.name));
    const typed = (name: AddressField) => (asked.has(name) ? this.values[name].trim() : "");
    const lines = [typed("address-line1"), typed("address-line2")].filter((line) => line !== "");
    return {
      lines,
      city: typed("city"),
      region: typed("region") || null,
      postal_code: typed("postal-code") || null,
      country,
    };
  }

  /** Puts the server's sentences beside their fields; returns those that belong to no field. */
  take(fields: ReadonlyArray<{ field: string; detail: string }>): string[] {
    const rest: string[] = [];
    for (const { field, detail } of fields) {
      const name = fieldOf[field];
      if (name) this.errors[name] = detail;
      else rest.push(detail);
    }
    return rest;
  }
}

/** The API's names of fields → the form's. */
const fieldOf: Record<string, DetailField> = {
  "contact.name": "name",
  "contact.email": "email",
  "contact.phone": "phone",
  contact: "phone",
  "address.lines": "address-line1",
  "address.lines.0": "address-line1",
  "address.lines[0]": "address-line1",
  "address.city": "city",
  "address.region": "region",
  "address.postal_code": "postal-code",
};

function remembered(): Record<DetailField, string> {
  try {
    return { ...empty, ...(JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as object) };
  } catch {
    return { ...empty };
  }
}

export const details = new Details();
