import { createHash, randomBytes } from "node:crypto";
import type { Layer } from "./layer.ts";

/** `ETag` on every read, 304 without a body when the client has that version already. */
export const conditionalRequests: Layer = async (request, next) => {
  const response = await next(request);
  if (request.method !== "GET" || response.status !== 200) return response;
  const body = Buffer.from(await response.arrayBuffer());
  const etag = `W/"${createHash("sha256").update(body).digest("hex")}"`;
  const headers = new Headers(response.headers);
  headers.set("etag", etag);
  const known = (request.headers.get("if-none-match") ?? "").split(",").some((tag) => tag.trim() === etag);
  if (!known) return new Response(body, { status: 200, headers });
  headers.delete("content-length");
  return new Response(null, { status: 304, headers });
};

/** The id by which GitHub's support finds a call. */
export const requestId: Layer = async (request, next) => {
  const response = await next(request);
  const headers = new Headers(response.headers);
  headers.set("x-github-request-id", randomBytes(8).toString("hex").toUpperCase());
  return new Response(response.body, { status: response.status, headers });
};
