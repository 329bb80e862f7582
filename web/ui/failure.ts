import { Problem, UNREACHABLE } from "../client/problem.ts";
import { shared } from "./i18n/index.ts";

/** Any thrown thing as one sentence for a person: the server's own where it gave one. */
export function failure(error: unknown): string {
  if (error instanceof Problem && error.code !== UNREACHABLE && error.message) return error.message;
  if (typeof navigator !== "undefined" && !navigator.onLine) return shared().offline;
  return shared().unreachable;
}
