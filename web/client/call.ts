import { Problem, problemOf, UNREACHABLE } from "./problem.ts";
import type { paths } from "./schema.d.ts";

type Method = "GET" | "PUT" | "POST" | "DELETE";
/** The document's paths as the pages write them: without the prefix. */
type Paths = { [Path in keyof paths as Path extends `/api/v1${infer Rest}` ? Rest : never]: paths[Path] };
type Operation<M extends Method, P extends keyof Paths> = Paths[P][Lowercase<M> & keyof Paths[P]];
/** The paths that know a method. */
type PathOf<M extends Method> = {
  [P in keyof Paths]: Operation<M, P> extends { responses: unknown } ? P : never;
}[keyof Paths];

type Filled<Op> = Op extends { parameters: { path: infer Names } } ? { path: Names } : { path?: undefined };
type Asked<Op> = Op extends { parameters: { query: infer Question } }
  ? { query: Question }
  : Op extends { parameters: { query?: infer Question } }
    ? { query?: Question }
    : { query?: undefined };
type Sent<Op> = Op extends { requestBody: { content: infer Content } }
  ? { body: Content extends { "application/json": infer Body } ? Body : FormData }
  : { body?: undefined };
interface Around {
  idempotencyKey?: string;
  signal?: AbortSignal;
}
/** Each operation by itself: the product of all parts of all operations is more than the compiler can hold. */
type Question<Op> = Op extends unknown ? Filled<Op> & Asked<Op> & Sent<Op> & Around : never;
type Questions<Op> = Record<never, never> extends Question<Op> ? [question?: Question<Op>] : [question: Question<Op>];

type Json<Reply> = Reply extends { content: { "application/json": infer Body } } ? Body : undefined;
export type Answer<Op> = Op extends { responses: infer Replies }
  ? [keyof Replies & (200 | 201)] extends [never]
    ? undefined
    : Json<Replies[keyof Replies & (200 | 201)]>
  : never;

/** What every request carries: set once by the page (`lang`). */
export const everyQuery: { lang: () => string } = { lang: () => "en" };

/** One request under /api/v1. Throws {@link Problem} for every answer past 299 and when no answer comes. */
export function call<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  ...question: Questions<Operation<M, P>>
): Promise<Answer<Operation<M, P>>>;
export function call(method: Method, path: string, ...[question]: unknown[]): Promise<unknown> {
  return request(method, path, (question ?? {}) as Loose);
}

interface Loose extends Around {
  path?: object;
  query?: object;
  body?: unknown;
}

async function request(method: Method, path: string, question: Loose): Promise<unknown> {
  const names: Record<string, unknown> = { ...question.path };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(names[name] ?? "")));
  const query = new URLSearchParams({ lang: everyQuery.lang() });
  for (const [name, value] of Object.entries(question.query ?? {})) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  const headers: Record<string, string> = { accept: "application/json" };
  let body: BodyInit | undefined;
  if (question.body instanceof FormData) body = question.body;
  else if (question.body !== undefined) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(question.body);
  }
  if (question.idempotencyKey) headers["idempotency-key"] = question.idempotencyKey;

  let response: Response;
  try {
    response = await fetch(`/api/v1${filled}?${query}`, {
      method,
      headers,
      body,
      signal: question.signal,
      credentials: "same-origin",
    });
  } catch (cause) {
    if (question.signal?.aborted) throw cause;
    throw new Problem(UNREACHABLE, 0, "");
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined;
  // "Taken, later" may say what it comes to, or nothing.
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

/** A fresh key for one deliberate act of a person; keep it while that act is retried. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}
