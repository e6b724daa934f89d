/** What tells a read from a write. */
export interface RequestOptions {
  readonly method: string;
  readonly url: string;
  readonly query?: unknown;
}

/** The operation of a GraphQL call, by the name that its text gives it. */
export interface Operation {
  readonly type: string;
  readonly name: string;
}

/** Whether a call changes nothing, so that it may be sent again. */
export function isRead({ method, url, query }: RequestOptions): boolean {
  return method === "GET" || method === "HEAD" || operationOf({ url, query })?.type === "query";
}

/** The operation of a call; null where it is none of GraphQL. */
export function operationOf({ url, query }: Pick<RequestOptions, "url" | "query">): Operation | null {
  const said = isGraphql({ url }) && typeof query === "string" ? /^\s*(query|mutation)\b\s*(\w*)/.exec(query) : null;
  const [, type, name] = said ?? [];
  return type === undefined || name === undefined ? null : { type, name };
}

/** By its end: on GitHub Enterprise Server the address is absolute. */
export function isGraphql({ url }: Pick<RequestOptions, "url">): boolean {
  return url.endsWith("/graphql");
}
