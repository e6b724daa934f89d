import type { AdvisoryDraft, AdvisoryState } from "../domain/supply-chain/advisory.ts";
import { messageOf, rateLimitWait, statusOf } from "./failure.ts";
import { hasMarker, type Marker, printMarker } from "./marker.ts";
import { at, type Repository } from "./repository.ts";
import { sendOnce } from "./send-once.ts";

type Settled = Extract<AdvisoryState, { kind: "drafted" | "refused" }>;

/** What GitHub answers to an app that may not, or where there are no advisories (GitHub documentation, "Create a repository security advisory"). */
const REFUSALS: readonly (number | null)[] = [400, 403, 404, 410, 422];

/**
 * Drafts a security advisory, once for each incident: one that bears its marker is found, whatever became of it. It is never
 * published here. What GitHub refuses, for want of a permission or in a private repository, is an answer and no failure.
 *
 * @param incident the number of its issue
 */
export async function draftAdvisory(
  repository: Repository,
  incident: number,
  draft: AdvisoryDraft,
  now: number,
): Promise<Settled> {
  const marker: Marker = { kind: "advisory", key: String(incident) };
  try {
    const find = () => findAdvisory(repository, marker);
    return (await find()) ?? (await sendOnce(() => create(repository, marker, draft), find));
  } catch (error) {
    const status = statusOf(error);
    if (!REFUSALS.includes(status) || rateLimitWait(error, now) !== null) throw error;
    return { kind: "refused", isPermission: status === 403 || status === 404, why: messageOf(error) };
  }
}

async function create(
  repository: Repository,
  marker: Marker,
  { summary, description, packages }: AdvisoryDraft,
): Promise<Settled> {
  const { data } = await repository.octokit.rest.securityAdvisories.createRepositoryAdvisory({
    ...at(repository),
    summary,
    description: `${printMarker(marker)}\n${description}`,
    severity: "critical",
    vulnerabilities: packages.map(({ name, versions }) => ({
      package: { ecosystem: "other", name },
      vulnerable_version_range: versions,
    })),
  });
  return { kind: "drafted", id: data.ghsa_id, url: data.html_url };
}

/** The latest with the marker; strangers may report vulnerabilities privately, and their words never count. */
async function findAdvisory(repository: Repository, marker: Marker): Promise<Settled | null> {
  const { securityAdvisories } = repository.octokit.rest;
  const listed = await repository.octokit.paginate(securityAdvisories.listRepositoryAdvisories, {
    ...at(repository),
    sort: "created",
    direction: "desc",
    per_page: 100,
  });
  const found = listed.find(({ description, submission }) => submission == null && hasMarker(description, marker));
  return found === undefined ? null : { kind: "drafted", id: found.ghsa_id, url: found.html_url };
}
