import type { Control } from "../../domain/control/control.ts";
import { readControlFile } from "../../domain/control/control-file.ts";
import { describeHold } from "../../domain/holds/describe-hold.ts";
import type { Hold } from "../../domain/holds/hold.ts";
import { expireHolds, isLongStop } from "../../domain/holds/moment.ts";
import { blocking } from "../../domain/holds/standing.ts";
import { longStopIncident } from "../../domain/incidents/long-stop-incident.ts";
import { type Instant, printInstant } from "../../domain/instant.ts";
import { numberLink } from "../../domain/number-link.ts";
import type { Change, Intent, Proposal, Reading } from "../../github/change.ts";
import { ControlFileUnusable } from "../../github/failure.ts";
import { readFileAt } from "../../github/file-version.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { tellHolder } from "../../github/tell-thread.ts";
import { reportUnusable } from "../control/readability.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { momentKey, pendingMoments, watchHolds } from "./hold-timer.ts";

/**
 * The timer of the holds: asks whoever gave a hold that is about to end, lifts those whose time has come, and opens the
 * tracking issue of a stop of everything that lasts. The state decides, not the timer: one that comes early, late or twice
 * does what is to be done now.
 * @throws {ControlFileUnusable} as long as nobody can tell which holds there are.
 */
export async function onHoldsDue(id: string, event: RepositoryEvent, services: Services): Promise<void> {
  const octokit = await services.octokitOf(event.installation.id);
  const repository = repositoryOf(event.repository, octokit, "housekeeping");
  const reading = await services.store.read(repository);
  if (reading.control.kind === "unusable") {
    await reportUnusable(repository, reading.control.problem, services);
    throw new ControlFileUnusable(repository.fullName);
  }
  const { control } = reading.control.file;
  const now = services.now();
  const due = pendingMoments(event, control, services).filter(({ at }) => at <= now);
  for (const { kind, hold } of due) if (kind === "ask") await ask(repository, hold, services);
  const left = await lift(id, repository, { reading, control }, services);
  if (due.some(({ kind }) => kind === "long") && isLongStop(left.holds, now)) {
    await services.incidents.raise(repository, longStopIncident(left.holds));
  }
  await closeLongStop(repository, control, left, services);
  // An end whose pull request waits is done here: that is tended like all others.
  for (const moment of due) services.settledMoments.add(momentKey(repository.fullName, moment));
  await watchHolds(event, left, services);
}

/** Closes the tracking issue of a long stop that ended between two states of the file. */
export async function closeLongStop(
  repository: Repository,
  before: Control,
  after: Control,
  { incidents, now }: Services,
): Promise<void> {
  const isOver = !after.holds.some(({ scope }) => scope === "*");
  if (!isOver || !isLongStop(before.holds, now())) return;
  const ended = before.holds.filter(({ scope }) => scope === "*").map(({ id }) => id);
  await incidents.close(
    repository,
    { kind: "long-stop" },
    { key: ended.join("."), text: "The stop of everything is lifted." },
  );
}

async function ask(repository: Repository, hold: Hold, services: Services): Promise<void> {
  const { id, until } = hold;
  if (until === null || until <= services.now()) return;
  const again = hold.scope === "*" ? "/batch stop" : `/batch stop ${hold.scope}`;
  const text = [
    `**Is this stop still needed?** At ${printInstant(until)} it is lifted by itself: ${describeHold(hold)}`,
    `By its owner, \`${again} --until <time>\` moves its end, and \`${again}\` makes it stand until somebody lifts it; \`/batch resume --hold ${id}\` lifts it now.`,
  ].join("\n\n");
  await tellHolder(repository, hold, { kind: "hold-ending", key: `${id}:${until}` }, text, services);
}

/** Lifts what has ended, in a commit of its own, and tells each owner. Returns what the file holds afterwards. */
async function lift(
  id: string,
  repository: Repository,
  { reading, control: before }: { readonly reading: Reading; readonly control: Control },
  services: Services,
): Promise<Control> {
  const now = services.now();
  const intent: Intent<readonly Hold[]> = {
    cause: () => ({ events: [id] }),
    subject: (ended) => `lift ${ended.length === 1 ? "a hold" : `${ended.length} holds`} at the end of its time`,
    apply: (control) => expireHolds(control, now),
  };
  const change = await services.store.change(repository, intent, proposalOf(id), reading);
  switch (change.kind) {
    case "committed":
    case "unchanged": {
      const told = change.result.length > 0 ? change.result : await liftedBefore(id, repository, reading, now);
      for (const hold of told) await tellLifted(repository, hold, change.control, services);
      return change.control;
    }
    case "waiting":
      for (const hold of change.result) await tellWaiting(repository, hold, change, services);
      break;
    case "landed-before":
    case "unusable":
      break;
  }
  return before;
}

/** What an earlier attempt of this very event lifted: the process may have died before it told anybody. */
async function liftedBefore(
  id: string,
  repository: Repository,
  { snapshot, configuration }: Reading,
  now: Instant,
): Promise<readonly Hold[]> {
  const own = snapshot.recent.findIndex(({ message }) => message.split("\n").includes(`Batchkeeper-Event: ${id}`));
  const before = own === -1 ? undefined : snapshot.recent[own + 1];
  if (before === undefined) return [];
  const version = await readFileAt(repository, configuration.settings.control_file, before.sha);
  const file = version === null ? null : readControlFile(version.text);
  return file?.kind === "readable" ? expireHolds(file.file.control, now).result : [];
}

async function tellLifted(repository: Repository, hold: Hold, control: Control, services: Services): Promise<void> {
  const left = blocking(control, hold.scope).map((other) => `- ${describeHold(other)}`);
  const way = left.length === 0 ? "" : `\n\nStill in the way:\n${left.join("\n")}`;
  const text = `**Lifted, as its time has come**: ${describeHold(hold)}${way}`;
  await tellHolder(repository, hold, { kind: "hold-ended", key: `${hold.id}:${hold.until}` }, text, services);
}

async function tellWaiting(
  repository: Repository,
  hold: Hold,
  { pull, waitsFor }: Extract<Change<unknown>, { kind: "waiting" }>,
  services: Services,
): Promise<void> {
  const text = `**Its time has come, and it still stands**: ${describeHold(hold)} ${numberLink(pull)} lifts it, and waits for ${waitsFor}.`;
  await tellHolder(repository, hold, { kind: "hold-ending", key: `${hold.id}:waits` }, text, services);
}

function proposalOf(id: string): Proposal {
  return {
    branch: `batchkeeper/lift-${id.replaceAll(/[^a-z0-9]+/gi, "-")}`,
    title: "Lift holds at the end of their time",
    body: "Whoever gave these holds said when they end. The default branch is protected, so it waits here.",
    mode: "merge",
  };
}
