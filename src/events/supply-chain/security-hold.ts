import type { Scope } from "../../domain/ecosystem.ts";
import { holdId } from "../../domain/holds/hold-id.ts";
import { addHold } from "../../domain/holds/standing.ts";
import { wholeSeconds } from "../../domain/instant.ts";
import type { Change, Intent } from "../../github/change.ts";
import { ControlFileUnusable } from "../../github/failure.ts";
import type { Repository } from "../../github/repository.ts";
import { reportUnusable } from "../control/readability.ts";
import { watchHolds } from "../holds/hold-timer.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";

/** What the pipeline is stopped for. */
export interface SecurityStop {
  readonly scope: Scope;
  /** One line, made of no outsider's words. */
  readonly reason: string;
  /** A URL of what was found; with the scope it is the identity of the hold. */
  readonly source: string;
  readonly incidentUrl: string;
}

/** The id of the hold that `holdForSecurity` sets. */
export function securityHoldId({ source, scope }: Pick<SecurityStop, "source" | "scope">): string {
  return holdId(source, scope);
}

/**
 * Stops a scope for security, ahead of everything else that waits for GitHub. Asked again for the same find, it changes
 * nothing but that the hold names its incident, and the hold of an earlier find on the same scope is enough.
 * @throws {ControlFileUnusable} as long as it can be written nowhere: it waits until the file is mended.
 */
export async function holdForSecurity(
  event: RepositoryEvent,
  repository: Repository,
  stop: SecurityStop,
  services: Services,
): Promise<Change<null>> {
  const { scope, reason, source, incidentUrl } = stop;
  const id = securityHoldId(stop);
  const at = wholeSeconds(services.now());
  const intent: Intent<null> = {
    cause: () => ({ events: [source] }),
    subject: () => `stop ${scope === "*" ? "everything" : scope} for security`,
    apply: (control) => {
      const earlier = control.holds.find(
        (hold) => hold.kind === "security" && hold.scope === scope && hold.by === RULE,
      );
      const hold = { id, scope, kind: "security", reason, by: RULE, at, until: null, incidentUrl, source } as const;
      if (earlier === undefined) return { control: addHold(control, hold), result: null };
      // It was set while its incident could not be written.
      const isToBeLinked = earlier.id === id && earlier.incidentUrl === "" && incidentUrl !== "";
      return { control: isToBeLinked ? addHold(control, { ...earlier, incidentUrl }) : control, result: null };
    },
  };
  const change = await services.store.change({ ...repository, urgency: "safety" }, intent, {
    branch: `batchkeeper/stop-security-${id}`,
    title: `Stop ${scope === "*" ? "everything" : scope} for security`,
    body: `${reason}. The default branch is protected, so the stop waits here: merge it.`,
    mode: "merge",
  });
  if (change.kind === "unusable") {
    await reportUnusable(repository, change.problem, services);
    throw new ControlFileUnusable(repository.fullName);
  }
  if (change.kind === "committed" || change.kind === "unchanged") await watchHolds(event, change.control, services);
  return change;
}

/** Who asked for the hold: no person, but a rule. */
const RULE = "supply-chain";
