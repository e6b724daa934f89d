/** One step of the way from the socket to the routes and back. */
export type Layer = (request: Request, next: (request: Request) => Promise<Response>) => Promise<Response>;

/** The layers around an innermost handler, outermost first. */
export function layered(
  layers: readonly Layer[],
  handler: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return layers.reduceRight<(request: Request) => Promise<Response>>(
    (next, layer) => (request) => layer(request, next),
    handler,
  );
}

/** Path and query of a request: what a fault or a log entry is about. */
export function target(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

export function jsonResponse(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(body, { status, headers });
}

/** The operation of a GraphQL call as its text begins, such as `mutation OpenRollback`; null for all else. */
export async function operationOf(request: Request): Promise<string | null> {
  if (request.method !== "POST" || !target(request).endsWith("/graphql")) return null;
  const text = await request.clone().text();
  return /"query":\s*"(?:\s|\\n)*((?:query|mutation)\b ?\w*)/.exec(text)?.[1] ?? null;
}
