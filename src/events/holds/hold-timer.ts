import type { Control } from "../../domain/control/control.ts";
import { type HoldMoment, momentsOf } from "../../domain/holds/moment.ts";
import type { Instant } from "../../domain/instant.ts";
import { laneOf } from "../../inbox/inbox.ts";
import { HOLDS_DUE } from "../occurrence.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";

/**
 * What is still to happen because of the holds. What was done is remembered by this process alone: the next one does it
 * again, and finds it done.
 */
export function pendingMoments(
  { repository }: RepositoryEvent,
  { holds }: Control,
  { settledMoments: done }: Pick<Services, "settledMoments">,
): readonly HoldMoment[] {
  return momentsOf(holds).filter((moment) => !done.has(momentKey(repository.full_name, moment)));
}

/** One moment of one hold: moved or given another end, it is another. */
export function momentKey(fullName: string, { kind, hold, at }: HoldMoment): string {
  return `${laneOf(fullName)} ${kind} ${hold.id} ${hold.scope} ${at}`;
}

/**
 * Sets the timer of a repository's holds for what is to happen next, at once if that is past: called whenever an event has
 * read or changed the control file, so that a lost timer is set again and that of a hold that went is gone.
 */
export async function watchHolds(event: RepositoryEvent, control: Control, services: Services): Promise<void> {
  const { installation, repository } = event;
  const lane = laneOf(repository.full_name);
  const key = `holds-due:${lane}`;
  const [next] = pendingMoments(event, control, services);
  if (next === undefined) return services.inbox.cancel(key);
  const at: Instant = Math.max(next.at, services.now());
  const body = JSON.stringify({ installation, repository });
  return services.inbox.schedule([{ key, lane, event: HOLDS_DUE, body, at }]);
}
