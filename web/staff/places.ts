import type { Role } from "./shapes.ts";

export type Place =
  | "shows"
  | "orders"
  | "returns"
  | "products"
  | "offers"
  | "imports"
  | "people"
  | "settings"
  | "messages"
  | "audit"
  | "tokens";

/** Where staff can go, and whom it is shown to (owners see all). The server decides what each role may do. */
export const places: ReadonlyArray<{ key: Place; href: string; part: "studio" | "office"; roles: Role[] }> = [
  { key: "shows", href: "/studio", part: "studio", roles: ["merchant", "host", "assistant"] },
  { key: "orders", href: "/office", part: "office", roles: ["merchant", "fulfilment"] },
  { key: "returns", href: "/office/returns", part: "office", roles: ["merchant", "fulfilment"] },
  { key: "products", href: "/office/products", part: "office", roles: ["merchant", "host", "assistant"] },
  { key: "offers", href: "/office/offers", part: "office", roles: ["merchant"] },
  { key: "imports", href: "/office/imports", part: "office", roles: ["merchant"] },
  { key: "people", href: "/office/people", part: "office", roles: ["merchant"] },
  { key: "settings", href: "/office/settings", part: "office", roles: ["merchant"] },
  { key: "messages", href: "/office/messages", part: "office", roles: ["merchant"] },
  { key: "audit", href: "/office/audit", part: "office", roles: ["merchant"] },
  { key: "tokens", href: "/office/tokens", part: "office", roles: ["merchant", "host", "assistant", "fulfilment"] },
];
