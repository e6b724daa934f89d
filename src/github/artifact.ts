import { MINUTE, parseInstant } from "../domain/instant.ts";
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
/** An artifact appears while its job runs; the clock that dates it need not be that of the run. */
const MARGIN = 5 * MINUTE;

/** What the artifact of a run says; null when the run left none of that name. */
export type ArtifactReading = ArchiveReading | null;

/**
 * The artifacts of a name that runs left, by run. One call lists the newest hundred of the repository; only runs that are
 * not among them, when there are more, are asked for one by one. An attempt has the artifact that appeared while it ran.
 */
export async function findArtifacts(
  repository: Repository,
  name: string,
  runs: readonly FinishedRun[],
): Promise<ReadonlyMap<FinishedRun, Artifact>> {
  if (runs.length === 0) return new Map();
  const listed = runs.length === 1 ? null : await newest(repository, name);
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

async function newest(repository: Repository, name: string): Promise<{ artifacts: Artifacts; isComplete: boolean }> {
  const { data } = await repository.octokit.rest.actions.listArtifactsForRepo({
    ...at(repository),
    name,
    per_page: PAGE,
  });
  return { artifacts: data.artifacts, isComplete: data.total_count <= data.artifacts.length };
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
