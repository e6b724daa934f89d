import { repositoryJson } from "../shape/repository.ts";
import type { Site } from "../site.ts";
import { covers, page, Refusal, route } from "./routes.ts";

/** `GET /installation/repositories`: what an installation token reaches. */
export function installationRoutes(site: Site): void {
  route(site, "GET", "/installation/repositories", (request) => {
    const { caller } = request;
    if (caller.kind !== "installation") throw new Refusal(403, "Resource not accessible by integration");
    const repositories = site.db.repos.all().filter((repository) => covers(caller.token, repository));
    const { items, headers } = page(request, repositories);
    const body = {
      total_count: repositories.length,
      repository_selection: caller.token.repositorySelection,
      repositories: items.map((repository) => repositoryJson(site, repository)),
    };
    return { status: 200, body, headers };
  });
}
