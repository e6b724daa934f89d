import { callerOf, covers, maySee, Refusal, toResponse } from "./api/routes.ts";
import type { EmulatorHandler } from "./emulator.ts";
import { findRepository, type Site } from "./site.ts";

/**
 * Which permission a route below `/repos/{owner}/{repo}` asks of an installation; any one of a list is enough. The first
 * pattern that matches counts. GitHub documentation: "Permissions required for GitHub Apps".
 */
const PERMISSIONS: readonly (readonly [pattern: RegExp, permissions: readonly string[]])[] = [
  [/^\/contents\/\.github\/workflows\//, ["workflows"]],
  [/^\/(contents|git|commits|compare|activity|branches)(\/|$)/, ["contents"]],
  [/^\/pulls\/\d+\/merge$/, ["contents"]],
  [/^\/pulls(\/|$)/, ["pull_requests"]],
  [/^\/issues\/(comments|\d+\/(comments|labels|reactions|lock))(\/|$)/, ["issues", "pull_requests"]],
  [/^\/(issues|labels|milestones)(\/|$)/, ["issues"]],
  [/^\/actions(\/|$)/, ["actions"]],
  [/^\/check-(runs|suites)(\/|$)/, ["checks"]],
  [/^\/security-advisories(\/|$)/, ["repository_advisories"]],
];

const denied = () => new Refusal(403, "Resource not accessible by integration");

/** Refuses an installation what its permissions do not give: every write, and reading what is private. */
export function installationPermissions(site: Site): EmulatorHandler {
  return async (context, next) => {
    const caller = callerOf(site, context);
    if (caller.kind === "installation") {
      const { permissions } = caller.token;
      const { path, method } = context.req;
      const refusal = /^\/orgs\/[^/]+\/teams\//.test(path)
        ? missing(permissions, ["members"], "read")
        : refusalInRepository(site, caller, path, method === "GET" || method === "HEAD" ? "read" : "write");
      if (refusal) return toResponse(refusal.answer());
    }
    await next();
    return undefined;
  };
}

function refusalInRepository(
  site: Site,
  caller: Extract<ReturnType<typeof callerOf>, { kind: "installation" }>,
  path: string,
  level: "read" | "write",
): Refusal | null {
  const [, fullName, rest = ""] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(path) ?? [];
  const repository = fullName === undefined ? undefined : findRepository(site.db, fullName);
  // A repository that the token cannot see is the routes' 404.
  if (!repository || !maySee(site, caller, repository)) return null;
  if (level === "read" && !repository.private) return null;
  if (!covers(caller.token, repository)) return denied();
  const permissions = PERMISSIONS.find(([pattern]) => pattern.test(rest))?.[1];
  return permissions ? missing(caller.token.permissions, permissions, level) : null;
}

function missing(
  granted: Readonly<Record<string, string>>,
  permissions: readonly string[],
  level: "read" | "write",
): Refusal | null {
  const suffices = (value: string | undefined) => value === "write" || (value === "read" && level === "read");
  return permissions.some((name) => suffices(granted[name])) ? null : denied();
}
