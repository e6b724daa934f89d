import { z } from "zod";
import { isRefusedInside, messageOf } from "./failure.ts";
import { readMarker } from "./marker.ts";
import { OWN_LABEL } from "./pull-request.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent, sendOnce } from "./send-once.ts";

const LABELS = [OWN_LABEL, "dashboard"];
const TITLE = "Batch pipeline dashboard";

/** The one issue of a repository that shows how its pipeline stands. */
export interface DashboardIssue {
  readonly number: number;
  /** As GraphQL knows it. */
  readonly nodeId: string;
  readonly isOpen: boolean;
  /** As it stands, with what people have made of it. */
  readonly body: string;
}

type Listed = Awaited<ReturnType<typeof listDashboards>>["data"];

/** The issues that may be the dashboard, open and closed: one call. By their labels, because the search index lags. */
export function listDashboards(repository: Repository, headers: Readonly<Record<string, string>> = {}) {
  const parameters = { labels: LABELS.join(","), state: "all", per_page: 100, headers } as const;
  return repository.octokit.rest.issues.listForRepo({ ...at(repository), ...parameters });
}

/**
 * The dashboard among listed issues; null when there is none. Whatever others imitate does not count; one of ours whose body
 * somebody has emptied does, if no other has its marker.
 */
export function dashboardAmong(listed: Listed, botLogin: string): DashboardIssue | null {
  const own = listed
    .filter(({ user, pull_request }) => user?.login === botLogin && pull_request == null)
    .filter(({ body }) => readMarker(body, "incident") === null)
    .toSorted((a, b) => a.number - b.number);
  const marked = own.filter(({ body }) => readMarker(body, "dashboard") !== null);
  const isOpen = ({ state }: Listed[number]) => state === "open";
  const found = marked.find(isOpen) ?? marked[0] ?? own.find(isOpen) ?? own[0];
  return found === undefined ? null : dashboardOf(found);
}

/** The dashboard of a repository; null when there is none. */
export async function findDashboard(
  repository: Repository,
  botLogin: () => Promise<string>,
): Promise<DashboardIssue | null> {
  const [{ data }, own] = await Promise.all([listDashboards(repository), botLogin()]);
  return dashboardAmong(data, own);
}

/** Opens the dashboard, once, although the answer to the call may be lost. The caller has looked for one. */
export function openDashboard(
  repository: Repository,
  body: string,
  botLogin: () => Promise<string>,
): Promise<DashboardIssue> {
  return sendOnce(
    async () => {
      const issue = { title: TITLE, body, labels: LABELS };
      return dashboardOf((await repository.octokit.rest.issues.create({ ...at(repository), ...issue })).data);
    },
    () => findDashboard(repository, botLogin),
  );
}

/** Writes the body anew, and opens or closes the issue with the same call. */
export async function writeDashboard(
  repository: Repository,
  { number }: Pick<DashboardIssue, "number">,
  change: {
    readonly body: string;
    readonly state: "open" | "closed";
    readonly state_reason: "not_planned" | "reopened";
  },
): Promise<void> {
  await sendIdempotent(() =>
    repository.octokit.rest.issues.update({ ...at(repository), issue_number: number, ...change }),
  );
}

const PINNED = `query Pinned($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) { isPinned timelineItems(itemTypes: [PINNED_EVENT], first: 1) { totalCount } }
  }
}`;

const pinnedAnswer = z.object({
  repository: z.object({
    issue: z.object({ isPinned: z.boolean().nullable(), timelineItems: z.object({ totalCount: z.number() }) }),
  }),
});

const PIN = "mutation Pin($id: ID!) { pinIssue(input: { issueId: $id }) { clientMutationId } }";

/**
 * Pins the dashboard, if it never was: whoever unpins it has decided. At most three issues of a repository are pinned (GitHub
 * documentation, "Pinning an issue to your repository").
 *
 * @returns why GitHub would not, or null
 */
export async function pinOnce(repository: Repository, { number, nodeId }: DashboardIssue): Promise<string | null> {
  const { octokit, owner, name, urgency } = repository;
  const request = { urgency };
  try {
    const { issue } = pinnedAnswer.parse(await octokit.graphql(PINNED, { request, owner, name, number })).repository;
    if (issue.isPinned || issue.timelineItems.totalCount > 0) return null;
    await sendIdempotent(() => octokit.graphql(PIN, { request, id: nodeId }));
    return null;
  } catch (error) {
    if (isRefusedInside(error)) return messageOf(error);
    throw error;
  }
}

function dashboardOf({ number, node_id, state, body }: Listed[number]): DashboardIssue {
  return { number, nodeId: node_id, isOpen: state === "open", body: body ?? "" };
}
