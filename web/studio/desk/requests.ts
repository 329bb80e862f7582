import type { Request } from "../../client/room/wire.ts";

/** The requests that are still open: accepted ones first, then by how many ask. */
export function openRequests(requests: readonly Request[]): Request[] {
  const accepted = (request: Request) => (request.step === "accepted" ? 1 : 0);
  return requests
    .filter((request) => request.step !== "shown" && request.step !== "declined")
    .sort((a, b) => accepted(b) - accepted(a) || b.voices - a.voices || a.number - b.number);
}
