import { aliasesOf, breakerPolicy } from "../../config/policy.ts";
import type { Configuration } from "../../config/schema.ts";
import type { Control } from "../../domain/control/control.ts";
import { type Facts, isEmpty } from "../../domain/gate/receipt.ts";
import { coverOf } from "../../domain/gate/verdict.ts";
import type { Instant } from "../../domain/instant.ts";
import type { Reading } from "../../github/change.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";

/** Whether gates that said what one control file asks for may have to say something else for another. */
export function coversOtherwise(before: Control, after: Control, settings: Configuration, now: Instant): boolean {
  const cover = (control: Control) =>
    coverOf({ control, policy: breakerPolicy(settings), aliases: aliasesOf(settings), now });
  return cover(before) !== cover(after);
}

/**
 * Brings GitHub into line with a control file for nobody in particular: all of it, or what concerns some pull requests.
 *
 * @param control the file as it is now, if it is not the one that was read
 */
export async function followControl(
  repository: Repository,
  { snapshot, configuration, control: read }: Reading,
  {
    control,
    only,
    event,
  }: { readonly control?: Control; readonly only: readonly number[] | null; readonly event: string },
  { enforcement, now, log }: Services,
): Promise<void> {
  const inForce = control ?? (read.kind === "ready" ? read.file.control : null);
  // Nobody knows what is stopped: what the gates say stays.
  if (inForce === null) return;
  const { settings } = configuration;
  const { openPulls } = snapshot;
  const order = { settings, control: inForce, now: now(), openPulls, only, holds: null, isNow: false, event };
  const facts = await enforcement.enforce(repository, order);
  tell(repository, facts, log);
}

function tell({ fullName }: Repository, facts: Facts, log: Services["log"]): void {
  if (isEmpty(facts)) return;
  const numbers = (things: readonly { readonly number: number }[]) => things.map(({ number }) => number);
  const { held, released, autoMergeOff, autoMergeOn, enabled, undone } = facts;
  const details = {
    repository: fullName,
    held: numbers(held),
    released: numbers(released),
    autoMergeOff: numbers(autoMergeOff),
    autoMergeOn: numbers(autoMergeOn),
    enabled,
  };
  log.info(details, "pull requests were brought into line with the control file");
  for (const { what, why } of undone) log.warn({ repository: fullName, what, ...why }, "left undone");
}
