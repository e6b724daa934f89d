import { batchPlace } from "../../config/policy.ts";
import type { Configuration } from "../../config/schema.ts";
import { type StaleFacts, staleIncident, staleSeverity, staleText } from "../../domain/incidents/stale-incident.ts";
import { openBatchPulls } from "../../github/open-batch-pull.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { disabledWorkflows, latestRuns } from "../../github/run-history.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { staleTimer } from "./activity.ts";

/**
 * Looks whether the pipeline stands still although nothing stops it: the real one stood still for 51 days, because a batch
 * pull request was open, and nobody was told. It looks again for as long as that lasts; the next run ends it.
 */
export async function watchForStandstill(event: RepositoryEvent, services: Services): Promise<void> {
  const { inbox, now, store } = services;
  const repository = repositoryOf(event.repository, await services.octokitOf(event.installation.id), "housekeeping");
  const { configuration, control } = await store.read(repository);
  const { settings } = configuration;
  const { stale_after: staleAfter } = settings.incidents;
  const [latest] = await latestRuns(repository, settings.workflows, 1);
  const quiet = latest?.startedAt == null ? null : now() - latest.startedAt;
  const next = quiet === null || quiet >= staleAfter ? staleAfter : staleAfter - quiet;
  await inbox.schedule([staleTimer(event, now() + next)]);
  // A repository in which no batch has ever run is not standing still, and what people have stopped is meant to.
  if (latest?.startedAt == null || latest.isUnderWay || quiet === null || quiet < staleAfter) return;
  if (control.kind === "unusable" || control.file.control.holds.some(({ scope }) => scope === "*")) return;
  await tell(
    repository,
    await look(repository, settings, { startedAt: latest.startedAt, url: latest.url }, now()),
    services,
  );
}

async function look(
  repository: Repository,
  settings: Configuration,
  latest: { readonly startedAt: number; readonly url: string },
  now: number,
): Promise<StaleFacts> {
  const [batches, disabled] = await Promise.all([
    openBatchPulls(repository, batchPlace(settings).branches).catch(() => null),
    disabledWorkflows(repository, settings.workflows).catch(() => []),
  ]);
  const staleAfter = settings.incidents.stale_after;
  return { lastRunAt: latest.startedAt, lastRunUrl: latest.url, now, staleAfter, batches, disabled };
}

async function tell(repository: Repository, facts: StaleFacts, { incidents }: Services): Promise<void> {
  const { open: issue, earlier } = await incidents.look(repository, { kind: "stale" });
  if (issue === null) return void (await incidents.open(repository, staleIncident(facts), earlier));
  const severity = staleSeverity(facts);
  // Said once when it is raised, and not every few hours.
  if (issue.severity === "medium" && severity === "high") {
    const text = `${staleText(facts)} The incident is raised to **high** for that.`;
    await incidents.update(repository, issue, severity, { key: `stale-a-day:${facts.lastRunAt}`, text });
  }
}
