import { z } from "zod";
import type { IncomingCall } from "../../test/github/http/faults.ts";
import { CONTROL_FILE } from "../story/place.ts";

/** What a call is about: the same for the same step of the same work, whatever the ids and revisions in it. */
export interface Route {
  readonly repository: string;
  /** `PUT /contents/batch-control.json`. */
  readonly name: string;
  readonly isRead: boolean;
  readonly writesControlFile: boolean;
  readonly merges: boolean;
}

export async function routeOf({ method, path, json, operation }: IncomingCall): Promise<Route> {
  const bare = path.split("?", 1)[0] ?? path;
  const { repository = "", rest = bare } = /^\/repos\/(?<repository>[^/]+\/[^/]+)(?<rest>.*)$/.exec(bare)?.groups ?? {};
  const named = rest
    .replaceAll(/\/batchkeeper(\/|%2F)[^/]+/g, "/:branch")
    .replaceAll(/\/([0-9a-f]{12,}|\d+)(?=\/|$)/g, "/:id");
  const asked = await operation();
  return {
    repository: bare === "/graphql" ? await askedFor(json) : repository,
    name: asked?.startsWith("mutation") ? asked : `${method} ${named}`,
    isRead: method === "GET" || asked?.startsWith("query") === true,
    writesControlFile: method === "PUT" && rest === `/contents/${CONTROL_FILE}`,
    merges: method === "PUT" && rest.endsWith("/merge"),
  };
}

const variables = z.object({ variables: z.object({ owner: z.string(), name: z.string() }) });

/** The repository that a query asks for. */
async function askedFor(json: IncomingCall["json"]): Promise<string> {
  const asked = variables.safeParse(await json()).data?.variables;
  return asked === undefined ? "" : `${asked.owner}/${asked.name}`;
}
