import { Problem, problemOf, UNREACHABLE } from "./problem.ts";

type Query = Record<string, string | number | boolean | null | undefined>;
export interface Options {
  /** Fills `{name}` in the path. */
  path?: Record<string, string | number>;
  query?: Query;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** What every request carries: set once by the page (`lang`). */
export const everyQuery: { lang: () => string } = { lang: () => "en" };

/** One request under /api/v1. Throws {@link Problem} for every answer past 299 and when no answer comes. */
export async function call<Answer>(method: string, path: string, options: Options = {}): Promise<Answer> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(options.path?.[name] ?? "")));
  const query = new URLSearchParams({ lang: everyQuery.lang() });
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  const headers: Record<string, string> = { accept: "application/json" };
  let body: BodyInit | undefined;
  if (options.body instanceof FormData) body = options.body;
  else if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;

  let response: Response;
  try {
    response = await fetch(`/api/v1${filled}?${query}`, {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: "same-origin",
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Problem(UNREACHABLE, 0, "");
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204 || response.status === 202) return undefined as Answer;
  return (await response.json()) as Answer;
}

/** A fresh key for one deliberate act of a person; keep it while that act is retried. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}
