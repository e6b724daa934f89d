import type { Intent, Proposal } from "../github/change.ts";
import { commentOnCommit } from "../github/commit-comment.ts";
import { isOwnMessage } from "../github/commit-message.ts";
import { messageOf } from "../github/failure.ts";
import type { Marker } from "../github/marker.ts";
import type { Octokit } from "../github/octokit.ts";
import { type Repository, repositoryOf } from "../github/repository.ts";
import type { Settlement } from "../github/settle.ts";
import { CONFIGURATION_PATH, type Snapshot } from "../github/snapshot.ts";
import type { PushPayload } from "./payload.ts";
import { reportReadability } from "./readability.ts";
import type { Services } from "./services.ts";
import { settlementText } from "./settlement-text.ts";

/**
 * The default branch moved. When the control file or the configuration may have changed, hand edits are adopted, lost
 * state is restored, and what cannot be read becomes an incident, closed by the push that mends it.
 */
export async function onPush(
  delivery: string,
  payload: PushPayload,
  octokit: Octokit,
  services: Services,
): Promise<void> {
  const repository = repositoryOf(payload.repository, octokit, "housekeeping");
  if (payload.deleted || payload.ref !== `refs/heads/${repository.defaultBranch}`) return;
  const touched = touchedFiles(payload);
  if (touched !== null && touched.size === 0) return;
  const { control_file } = await services.store.settings(repository);
  if (touched !== null && !touched.has(control_file) && !touched.has(CONFIGURATION_PATH)) return;

  const reading = await services.store.read(repository);
  if (reading.control.kind === "ready" && reading.control.settlements.length > 0) {
    // Told first: if the process dies in between, the next delivery finds it told and the change still to be made.
    // A courtesy: when it fails, the stop is adopted all the same.
    await tellAuthor(repository, reading.snapshot, reading.control.settlements, services).catch((error) =>
      services.log.warn({ repository: repository.fullName, reason: messageOf(error) }, "author not told"),
    );
    await services.store.change(repository, settleIntent(delivery), settleProposal(payload.after));
  }
  await reportReadability(repository, reading, payload.after, services);
}

/** Whoever changed the file by hand learns below their commit what becomes of it. */
async function tellAuthor(
  repository: Repository,
  { recent }: Snapshot,
  settlements: readonly Settlement[],
  { botLogin }: Services,
): Promise<void> {
  const commit = recent.find(({ message }) => !isOwnMessage(message));
  if (commit === undefined) return;
  const marker: Marker = { kind: "settlement", key: commit.sha };
  await commentOnCommit(repository, commit.sha, marker, settlementText(settlements), botLogin);
}

/**
 * The files that a push touched, but for what this app itself wrote. Null when the payload does not tell: GitHub lists at
 * most 2,048 commits, and a force push lists none of those that it removed.
 */
function touchedFiles({ commits, sender }: PushPayload): ReadonlySet<string> | null {
  if (commits.length === 0 || commits.length >= 2048) return null;
  const others = commits.filter(({ message }) => sender?.type !== "Bot" || !isOwnMessage(message));
  return new Set(others.flatMap(({ added, modified, removed }) => [...added, ...modified, ...removed]));
}

function settleProposal(commit: string): Proposal {
  return {
    branch: `batchkeeper/settle-${commit.slice(0, 12)}`,
    title: "Settle the control file",
    body: "Another writer changed the control file; this puts right what that change left out.",
    mode: "merge",
  };
}

function settleIntent(event: string): Intent<null> {
  return {
    cause: { event },
    subject: () => "settle a change made by hand",
    apply: (control) => ({ control, result: null }),
  };
}
