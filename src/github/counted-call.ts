import { statusOf } from "./failure.ts";
import { isGraphql, type Operation, operationOf, type RequestOptions } from "./request-kind.ts";

/** Who is told of calls. */
export interface Counting {
  /** Told of every call as it ends; status 0 when there was no answer. */
  readonly count: (method: string, status: number, call: CountedCall) => void;
  readonly now: () => number;
}

/** What is told of a call beside its method and status. */
interface CountedCall {
  /** As GitHub documents it, `/repos/{owner}/{repo}/issues`: never an address with names in it. */
  readonly route: string;
  /** Null where it is none of GraphQL. */
  readonly operation: Operation | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Null for calls of the app itself and of people. */
  readonly installation: number | null;
  /** What GitHub says is left of a rate limit; null when it does not say. */
  readonly limit: { readonly resource: string; readonly remaining: number } | null;
}

/** Makes a call and tells of it, however it ends. */
export async function countedCall<T extends { readonly status: number; readonly headers: object }>(
  send: () => Promise<T>,
  { method, url, query, installation }: RequestOptions & { readonly installation: number | null },
  { count, now }: Counting,
): Promise<T> {
  // A hook may fill the address in while the call is made.
  const call = { route: routeOf(url), operation: operationOf({ url, query }), startedAt: now(), installation };
  try {
    const response = await send();
    count(method, response.status, { ...call, limit: limitOf(response.headers) });
    return response;
  } catch (error) {
    count(method, statusOf(error) ?? 0, { ...call, limit: null });
    throw error;
  }
}

/**
 * The documented form of an address. Those of lists that are read page by page are whole: there the names and numbers are
 * taken out, which no such list has elsewhere than here.
 */
function routeOf(url: string): string {
  if (isGraphql({ url })) return "/graphql";
  if (url.startsWith("/")) return url;
  const path = URL.parse(url)?.pathname ?? "";
  return path
    .replace(/^\/api\/v3(?=\/)/, "")
    .replace(/^\/(repos\/[^/]+\/[^/]+|repositories\/\d+)(?=\/)/, "/repos/{owner}/{repo}")
    .replaceAll(/\/\d+(?=\/|$)/g, "/{id}");
}

function limitOf(headers: object): CountedCall["limit"] {
  const [resource, remaining] = ["x-ratelimit-resource", "x-ratelimit-remaining"].map((name) =>
    Reflect.get(headers, name),
  );
  if (resource === undefined || remaining === undefined) return null;
  return { resource: String(resource), remaining: Number(remaining) };
}
