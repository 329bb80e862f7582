/** An RFC 9457 answer of the API. `code` is permanent (docs/problems.md), `message` is a sentence for a person. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    detail: string,
    readonly fields: ReadonlyArray<{ field: string; code: string; detail: string }> = [],
    /** The whole body: some codes carry more (`sold_out` has `lines`). */
    readonly body: Record<string, unknown> = {},
    /** When the server says it may be asked again, ms from now. */
    readonly retry_after_ms: number | null = null,
  ) {
    super(detail);
    this.name = "Problem";
  }

  /** The sentence for one field of a form, if the answer named it. */
  field(name: string): string | undefined {
    return this.fields.find((one) => one.field === name)?.detail;
  }
}

/** No answer at all: the network or the server is away. */
export const UNREACHABLE = "unreachable";

export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const text = (key: string) => (typeof body[key] === "string" ? (body[key] as string) : undefined);
  return new Problem(
    text("code") ?? `http_${response.status}`,
    response.status,
    text("detail") ?? text("title") ?? response.statusText,
    Array.isArray(body["fields"]) ? (body["fields"] as Problem["fields"]) : [],
    body,
    retryAfter(response.headers.get("retry-after")),
  );
}

/** `Retry-After` in its form of seconds, the only one that the house writes. */
function retryAfter(header: string | null): number | null {
  const seconds = header === null ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
