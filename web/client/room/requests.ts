import type { Request } from "./wire.ts";

const accepted = (request: Request) => (request.step === "accepted" ? 1 : 0);

/** The requests that are still open: accepted ones first, then by how many ask. */
export function openRequests(requests: readonly Request[]): Request[] {
  return requests
    .filter((request) => request.step !== "shown" && request.step !== "declined")
    .sort((a, b) => accepted(b) - accepted(a) || b.voices - a.voices || a.number - b.number);
}

/** Those that are done with: what was shown, newest first, then what was declined. */
export function closedRequests(requests: readonly Request[]): Request[] {
  return requests
    .filter((request) => request.step === "shown" || request.step === "declined")
    .sort((a, b) => (b.programme_ms ?? 0) - (a.programme_ms ?? 0));
}
