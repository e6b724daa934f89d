import type { Layer } from "./layer.ts";

/** GitHub Enterprise Server has the REST API below `/api/v3` and GraphQL at `/api/graphql`: clients with GHE_HOST ask there. */
export const enterprisePrefix: Layer = async (request, next) => {
  const url = new URL(request.url);
  const pathname = url.pathname.replace(/^\/api\/(v3(?=\/)|(?=graphql$))/, "").replace(/^(?!\/)/, "/");
  if (pathname === url.pathname) return next(request);
  url.pathname = pathname;
  const response = await next(new Request(url, request));
  const link = response.headers.get("link");
  // The next page is where this one was: clients tell by the address what token it takes.
  if (link !== null) response.headers.set("link", link.replaceAll(`${url.origin}/`, `${url.origin}/api/v3/`));
  return response;
};
