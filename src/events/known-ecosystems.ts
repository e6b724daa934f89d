import { aliasesOf } from "../config/policy.ts";
import { type Ecosystem, parseReportedEcosystem } from "../domain/ecosystem.ts";
import type { Reading } from "../github/change.ts";

/** The ecosystems that a repository knows by name: configured, with a breaker, or held. Sorted, each once. */
export function knownEcosystems({ configuration, control }: Reading): readonly Ecosystem[] {
  const aliases = aliasesOf(configuration.settings);
  const names = [
    ...Object.keys(configuration.settings.ecosystems),
    ...(control.kind === "ready" ? control.file.control.breakers.keys() : []),
    ...(control.kind === "ready" ? control.file.control.holds.map(({ scope }) => scope) : []),
  ];
  const known = names.flatMap((name) => parseReportedEcosystem(name, aliases) ?? []);
  return [...new Set(known)].sort();
}
