import { pullEntry } from "../domain/incidents/participation.ts";
import type { Repository } from "../github/repository.ts";
import type { PullRequestPayload } from "./payload.ts";
import type { Services } from "./services.ts";

/** Where a pull request belongs to an incident, its end is part of that one's course; nothing for any other thread. */
export async function notePull(
  repository: Repository,
  thread: number,
  pull: Pick<PullRequestPayload["pull_request"], "number" | "merged">,
  { incidents, now }: Services,
): Promise<void> {
  const incident = await incidents.read(repository, thread);
  const entry = pullEntry(pull.number, now(), pull.merged ? "merged" : "closed");
  if (incident !== null) await incidents.record(repository, incident, [entry]);
}
