import type { LoggedCall } from "../../test/github/http/request-log.ts";

/**
 * Where two processes worked on one repository at the same time: calls about it that overlap and come from different hosts,
 * which is how each of several replicas names the local GitHub. One process works on a repository at any moment.
 *
 * @param except repositories in which something is downloaded: that has a lane of its own, which another process may have
 */
export function overlaps(calls: readonly LoggedCall[], except: ReadonlySet<string> = new Set()): readonly string[] {
  const ofRepositories = Map.groupBy(calls, ({ path }) => /^\/repos\/([^/]+\/[^/]+)\//.exec(path)?.[1]);
  return [...ofRepositories].flatMap(([repository, own]) =>
    repository === undefined || except.has(repository) ? [] : overlapsOf(own).map((words) => `${repository}: ${words}`),
  );
}

function overlapsOf(calls: readonly LoggedCall[]): readonly string[] {
  const lastOf = new Map<string, LoggedCall>();
  return calls
    .toSorted((one, other) => one.startedAt - other.startedAt)
    .flatMap((call) => {
      const others = [...lastOf].filter(([host]) => host !== call.host).map(([, last]) => last);
      const before = lastOf.get(call.host);
      if (before === undefined || call.endedAt > before.endedAt) lastOf.set(call.host, call);
      return others
        .filter(({ endedAt }) => endedAt > call.startedAt)
        .map((other) => `two processes at once: ${words(other)} and ${words(call)}`);
    });
}

function words({ method, path, host }: LoggedCall): string {
  return `${method} ${path.split("?", 1)[0]} by ${host}`;
}
