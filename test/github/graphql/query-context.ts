import { GraphQLError } from "graphql";
import type { Caller } from "../api/routes.ts";
import type { Site } from "../site.ts";

/** What a resolver of a root field gets beside its arguments. */
export interface QueryContext {
  readonly site: Site;
  readonly caller: Caller;
}

/** An error with the `type` that GitHub puts beside message and path. */
export function typedError(
  type: "NOT_FOUND" | "FORBIDDEN" | "STALE_DATA" | "UNPROCESSABLE",
  message: string,
): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}
