import type { Layer } from "./layer.ts";

/** GitHub Enterprise Server has the REST API below `/api/v3` and GraphQL at `/api/graphql`: clients with GHE_HOST ask there. */
export const enterprisePrefix: Layer = (request, next) => {
  const url = new URL(request.url);
  const pathname = url.pathname.replace(/^\/api\/(v3(?=\/)|(?=graphql$))/, "").replace(/^(?!\/)/, "/");
  if (pathname === url.pathname) return next(request);
  url.pathname = pathname;
  return next(new Request(url, request));
};
