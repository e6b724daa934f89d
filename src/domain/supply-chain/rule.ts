import { graver, type Severity } from "../incidents/incident.ts";

/** What a change on the default branch is judged by. docs/supply-chain.md explains each. */
export const RULES = {
  "direct-push": {
    severity: "critical",
    reason:
      "A recipe was changed by a commit that GitHub knows of no merged pull request for: nobody had to look at it.",
  },
  "force-push": {
    severity: "critical",
    reason: "The history of the default branch was rewritten: what was reviewed may not be what is there.",
  },
  "new-host": {
    severity: "high",
    reason: "A recipe names a host that no recipe named before.",
  },
  "insecure-scheme": {
    severity: "high",
    reason: "A recipe names an address that is not https: anyone on the way can change what is downloaded.",
  },
  "new-command": {
    severity: "high",
    reason: "A recipe has a new step that runs a command on the machine of whoever installs it.",
  },
  "workflow-changed": {
    severity: "high",
    reason: "A batch workflow was changed without a merged pull request: it runs with the secrets of the repository.",
  },
  "configuration-changed": {
    severity: "high",
    reason: "The settings of Batchkeeper were changed without a merged pull request: they say who may command.",
  },
  "hold-removed": {
    severity: "high",
    reason: "A hold was taken out of the control file by hand.",
  },
  "breaker-moved": {
    severity: "high",
    reason: "A circuit breaker was moved in the control file while no batch ran.",
  },
  "control-file-changed": {
    severity: "medium",
    reason: "The control file was changed by hand.",
  },
  "origin-changed": {
    severity: "medium",
    reason: "A recipe gets what it installs from somewhere else than before.",
  },
  unchecked: {
    severity: "medium",
    reason: "A change could not be looked at, which is not to say that it is sound.",
  },
} as const satisfies Readonly<Record<string, { readonly severity: Severity; readonly reason: string }>>;

export type RuleName = keyof typeof RULES;

/** A rule that a change breaks. */
export interface Finding {
  readonly rule: RuleName;
  /** A path, or a commit. */
  readonly subject: string;
  /** What exactly, in Markdown; words of outsiders in it are quoted. */
  readonly detail: string;
}

/** The gravest severity among findings; null when there are none. */
export function gravest(findings: readonly Finding[]): Severity | null {
  const [first, ...others] = findings.map(({ rule }): Severity => RULES[rule].severity);
  return first === undefined ? null : others.reduce(graver, first);
}
