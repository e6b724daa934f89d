import { readControlFile } from "../domain/control/control-file.ts";
import { type Aliases, parseEcosystem, type Scope } from "../domain/ecosystem.ts";
import { readTexts } from "./gate.ts";
import type { Repository } from "./repository.ts";

/**
 * What the control file stopped at a revision, such as `<sha>` or `<sha>^`: one call. Null when it had none there that can be
 * read.
 */
export async function stoppedAt(
  repository: Repository,
  commit: string,
  { path, aliases }: { readonly path: string; readonly aliases: Aliases },
): Promise<((scope: Scope) => boolean) | null> {
  const [text] = await readTexts(repository, [{ commit, path }]);
  const reading = text == null ? null : readControlFile(text);
  if (reading?.kind !== "readable") return null;
  const { enabled, disabledEcosystems } = reading.file.switches;
  const stopped = new Set(disabledEcosystems.map((name) => (name === "*" ? name : parseEcosystem(name, aliases))));
  return (scope) => (scope === "*" ? !enabled || stopped.has("*") : stopped.has(scope));
}
