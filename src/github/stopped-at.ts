import { readControlFile } from "../domain/control/control-file.ts";
import { type Aliases, parseEcosystem, type Scope } from "../domain/ecosystem.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { readTexts } from "./gate.ts";
import type { Repository } from "./repository.ts";

/** What was stopped at a revision. */
export interface PastStops {
  readonly holds: readonly Hold[];
  /** Whether the switches of the file stopped a scope, by a hold or by hand. */
  readonly covers: (scope: Scope) => boolean;
}

/**
 * What the control file stopped at a revision, such as `<sha>` or `<sha>^`: one call. Null when it had none there that can be
 * read.
 */
export async function stoppedAt(
  repository: Repository,
  commit: string,
  { path, aliases }: { readonly path: string; readonly aliases: Aliases },
): Promise<PastStops | null> {
  const [text] = await readTexts(repository, [{ commit, path }]);
  const reading = text == null ? null : readControlFile(text);
  if (reading?.kind !== "readable") return null;
  const { enabled, disabledEcosystems } = reading.file.switches;
  const stopped = new Set(disabledEcosystems.map((name) => (name === "*" ? name : parseEcosystem(name, aliases))));
  return {
    holds: reading.file.control.holds,
    covers: (scope) => (scope === "*" ? !enabled || stopped.has("*") : stopped.has(scope)),
  };
}

/** Whether a hold stood then: a stop that was made by hand is a hold only once it has been settled. */
export function stood({ holds, covers }: PastStops, { id, scope }: Hold): boolean {
  const own = holds.filter((hold) => hold.scope === scope);
  return own.length === 0 ? covers(scope) : own.some((hold) => hold.id === id);
}
