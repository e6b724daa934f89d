import { type Instant, MINUTE, parseInstant } from "../domain/instant.ts";
import type { FinishedRun } from "../domain/results/run-results.ts";
import { download } from "./download.ts";
import { DownloadFailed, isMissing } from "./failure.ts";
import { at, type Repository } from "./repository.ts";
import { type ArchiveReading, LARGEST_ARCHIVE, readArchive } from "./result-archive.ts";

type Artifacts = Awaited<
  ReturnType<Repository["octokit"]["rest"]["actions"]["listArtifactsForRepo"]>
>["data"]["artifacts"];
type Artifact = Artifacts[number];

const PAGE = 100;
const MOST_PAGES = 10;
/** An artifact appears while its job runs; the clock that dates it need not be that of the run. */
const MARGIN = 5 * MINUTE;

/** What the artifact of a run says; null when the run left none of that name. */
export type ArtifactReading = ArchiveReading | null;

/**
 * The artifacts of a name that runs left, by run. The newest of the repository are listed, a hundred with each call, as far
 * back as the runs go; only a run that is alone, or not found that way, is asked for by itself. An attempt has the artifact
 * that appeared while it ran.
 */
export async function findArtifacts(
  repository: Repository,
  name: string,
  runs: readonly FinishedRun[],
): Promise<ReadonlyMap<FinishedRun, Artifact>> {
  if (runs.length === 0) return new Map();
  const listed = runs.length === 1 ? null : await newest(repository, name, Math.min(...runs.map(startOf)));
  const found = await Promise.all(
    runs.map(async (run): Promise<readonly (readonly [FinishedRun, Artifact])[]> => {
      const known = listed === null ? undefined : ofAttempt(listed.artifacts, run);
      const artifact =
        known ?? (listed?.isComplete ? undefined : ofAttempt(await artifactsOf(repository, name, run), run));
      return artifact === undefined ? [] : [[run, artifact]];
    }),
  );
  return new Map(found.flat());
}

/** The newest artifacts of a name, back to a moment; complete when there are no others. */
async function newest(
  repository: Repository,
  name: string,
  since: Instant,
): Promise<{ readonly artifacts: Artifacts; readonly isComplete: boolean }> {
  const artifacts: Artifact[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { data } = await repository.octokit.rest.actions.listArtifactsForRepo({
      ...at(repository),
      name,
      per_page: PAGE,
      page,
    });
    artifacts.push(...data.artifacts);
    if (artifacts.length >= data.total_count) return { artifacts, isComplete: true };
    // GitHub lists the newest first, and does not promise it.
    const oldest = parseInstant(data.artifacts.at(-1)?.created_at ?? null);
    if (oldest === null || oldest < since) break;
  }
  return { artifacts, isComplete: false };
}

function startOf({ startedAt }: FinishedRun): Instant {
  return startedAt;
}

async function artifactsOf(repository: Repository, name: string, { id }: FinishedRun): Promise<Artifacts> {
  const { actions } = repository.octokit.rest;
  const { data } = await actions.listWorkflowRunArtifacts({ ...at(repository), run_id: id, name, per_page: PAGE });
  return data.artifacts;
}

function ofAttempt(artifacts: Artifacts, { id, startedAt, completedAt }: FinishedRun): Artifact | undefined {
  return artifacts.find(({ workflow_run, created_at, expired }) => {
    const created = parseInstant(created_at);
    const isOfRun = workflow_run?.id === id && !expired;
    return isOfRun && (created === null || (created >= startedAt && created <= completedAt + MARGIN));
  });
}

/**
 * Downloads an artifact and reads the results in it.
 * @throws {DownloadFailed} when it could not be downloaded, which another try may better.
 */
export async function readArtifact(repository: Repository, artifact: Artifact, name: string): Promise<ArtifactReading> {
  if (artifact.size_in_bytes > LARGEST_ARCHIVE) return tooLarge();
  const address = await addressOf(repository, artifact.id);
  const bytes = address === null ? null : await download(address, LARGEST_ARCHIVE);
  if (bytes === null) return null;
  return bytes === "too-large" ? tooLarge() : readArchive(bytes, name);
}

function tooLarge(): ArchiveReading {
  return { kind: "malformed", problem: `it has more than ${LARGEST_ARCHIVE} bytes` };
}

/** GitHub answers with the address of another host, where our token has no business: it is followed without it. */
async function addressOf(repository: Repository, artifact: number): Promise<string | null> {
  try {
    const { headers } = await repository.octokit.request(
      "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
      {
        owner: repository.owner,
        repo: repository.name,
        artifact_id: artifact,
        archive_format: "zip",
        request: { urgency: repository.urgency, redirect: "manual" },
      },
    );
    const { location } = headers;
    if (location === undefined || !/^https?:\/\//.test(location)) throw new DownloadFailed("GitHub gave no address");
    return location;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
