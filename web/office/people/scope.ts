import type { Membership } from "../../staff/shapes.ts";

/** What a role can be limited to, as choices of a list. */
export interface Places {
  brands: { value: string; label: string }[];
  shows: { value: string; label: string }[];
}

export const roles = ["owner", "merchant", "host", "assistant", "fulfilment"] as const;

/** One role that is being chosen; `id` counts where the scope is not the house. */
export interface Choice {
  role: string;
  kind: string;
  id: string;
}

export function choiceOf(one: Membership): Choice {
  return { role: one.role, kind: one.scope.kind, id: one.scope.id ?? "" };
}

export function membershipOf(choice: Choice): Membership {
  const role = choice.role as Membership["role"];
  if (choice.kind === "house") return { role, scope: { kind: "house" } };
  return { role, scope: { kind: choice.kind as "brand" | "show", id: choice.id } };
}
