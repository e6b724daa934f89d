import { latest } from "../api/check-runs.ts";
import type { CheckRunRow, RepositoryRow } from "../database.ts";
import type { Json } from "../json.ts";
import { suiteId } from "../shape/check-run.ts";
import type { Site } from "../site.ts";
import { type QueryContext, typedError } from "./query-context.ts";

/** Arguments of `Commit.checkSuites`. */
export interface CheckSuitePage {
  readonly first?: number;
  readonly filterBy?: { readonly appId?: number; readonly checkName?: string };
}

interface CheckRunPage {
  readonly first?: number;
  readonly filterBy?: { readonly checkName?: string; readonly checkType?: "ALL" | "LATEST" };
}

/** `CheckSuiteConnection` of a commit: one suite for every app that has a check run there. */
export function checkSuitesConnection(
  site: Site,
  row: RepositoryRow,
  sha: string,
  { first = 0, filterBy = {} }: CheckSuitePage,
  { caller }: QueryContext,
): Json {
  if (caller.kind === "installation" && row.private && caller.token.permissions.checks === undefined) {
    throw typedError("FORBIDDEN", "Resource not accessible by integration");
  }
  const runs = site.db.checkRuns
    .findBy("head_sha", sha)
    .filter(({ repo_id, app_id }) => repo_id === row.id && (filterBy.appId ?? app_id) === app_id)
    .filter(({ name }) => filterBy.checkName === undefined || filterBy.checkName === name);
  const suites = [...Map.groupBy(runs, suiteId)].slice(0, first);
  return {
    totalCount: suites.length,
    nodes: () => suites.map(([databaseId, checks]) => ({ databaseId, checkRuns: checkRunsOf(checks) })),
  };
}

function checkRunsOf(checks: readonly CheckRunRow[]): (page: CheckRunPage) => Json {
  return ({ first = 0, filterBy = {} }) => {
    const named = checks.filter(({ name }) => filterBy.checkName === undefined || filterBy.checkName === name);
    const shown = filterBy.checkType === "ALL" ? named : latest(named);
    return {
      totalCount: shown.length,
      nodes: () =>
        shown.slice(0, first).map(({ id, name, status, conclusion, external_id, output }) => ({
          databaseId: id,
          name,
          status: status.toUpperCase(),
          conclusion: conclusion?.toUpperCase() ?? null,
          externalId: external_id,
          title: output.title,
          summary: output.summary,
        })),
    };
  };
}
