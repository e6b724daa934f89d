import { type Aliases, type Ecosystem, parseEcosystem, parseReportedEcosystem } from "./ecosystem.ts";
import { soundJobNamePattern } from "./job-name-pattern.ts";

/** How a job name tells its ecosystem. */
export interface JobNaming {
  /** A pattern that `readJobNamePattern` takes: the configuration has asked it. */
  readonly pattern: string;
  readonly aliases: Aliases;
}

/** What a job name says: an ecosystem, none (no match, or a placeholder such as `default`), or a name none can have. */
type NamedEcosystem =
  | { readonly kind: "ecosystem"; readonly ecosystem: Ecosystem }
  | { readonly kind: "none" | "ill-formed" };

// A job name comes from whoever wrote the workflow's matrix.
const LONGEST_NAME = 200;

/** A job name as it is matched and shown: cut to a safe length. */
export function shortJobName(name: string): string {
  return name.slice(0, LONGEST_NAME);
}

/** Reads the ecosystem out of job names such as `generate (homebrew, linux)`. */
export function jobNameReader({ pattern, aliases }: JobNaming): (name: string) => NamedEcosystem {
  const named = soundJobNamePattern(pattern);
  return (name) => {
    const text = named.find(shortJobName(name))?.trim();
    if (text === undefined) return { kind: "none" };
    const ecosystem = parseReportedEcosystem(text, aliases);
    if (ecosystem !== null) return { kind: "ecosystem", ecosystem };
    return { kind: parseEcosystem(text, aliases) === null ? "ill-formed" : "none" };
  };
}
