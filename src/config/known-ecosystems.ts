import type { Control } from "../domain/control/control.ts";
import { type Ecosystem, parseReportedEcosystem } from "../domain/ecosystem.ts";
import { aliasesOf } from "./policy.ts";
import type { Configuration } from "./schema.ts";

/** The ecosystems that are known by name: configured, with a breaker, or held. Sorted, each once. */
export function knownEcosystems(settings: Configuration, control: Control | null): readonly Ecosystem[] {
  const aliases = aliasesOf(settings);
  const names = [
    ...Object.keys(settings.ecosystems),
    ...(control?.breakers.keys() ?? []),
    ...(control?.holds.map(({ scope }) => scope) ?? []),
  ];
  const known = names.flatMap((name) => parseReportedEcosystem(name, aliases) ?? []);
  return [...new Set(known)].sort();
}
