import { CLASSIFICATION, type Classification, classify, type Rule } from "../incidents/classification.ts";
import type { Severity } from "../incidents/incident.ts";

/** What a change on the default branch is judged by, and the row of the classification. docs/supply-chain.md explains each. */
export const RULES = {
  "direct-push": {
    row: "suspected-compromise",
    reason:
      "A recipe was changed by a commit that GitHub knows of no merged pull request for: nobody had to look at it.",
  },
  "force-push": {
    row: "suspected-compromise",
    reason: "The history of the default branch was rewritten: what was reviewed may not be what is there.",
  },
  "new-host": {
    row: "unusual-recipe",
    reason: "A recipe names a host that no recipe named before.",
  },
  "insecure-scheme": {
    row: "unusual-recipe",
    reason: "A recipe names an address that is not https: anyone on the way can change what is downloaded.",
  },
  "new-command": {
    row: "unusual-recipe",
    reason: "A recipe has a new step that runs a command on the machine of whoever installs it.",
  },
  "workflow-changed": {
    row: "pipeline-changed",
    reason: "A batch workflow was changed without a merged pull request: it runs with the secrets of the repository.",
  },
  "configuration-changed": {
    row: "pipeline-changed",
    reason: "The settings of Batchkeeper were changed without a merged pull request: they say who may command.",
  },
  "hold-removed": {
    row: "pipeline-changed",
    reason: "A hold was taken out of the control file by hand.",
  },
  "breaker-moved": {
    row: "pipeline-changed",
    reason: "A circuit breaker was moved in the control file while no batch ran.",
  },
  "control-file-changed": {
    row: "asks-for-a-look",
    reason: "The control file was changed by hand.",
  },
  "origin-changed": {
    row: "asks-for-a-look",
    reason: "A recipe gets what it installs from somewhere else than before.",
  },
  unchecked: {
    row: "asks-for-a-look",
    reason: "A change could not be looked at, which is not to say that it is sound.",
  },
} as const satisfies Readonly<Record<string, { readonly row: Rule; readonly reason: string }>>;

export type RuleName = keyof typeof RULES;

/** How grave it is by itself that a rule is broken. */
export function severityOfRule(rule: RuleName): Severity {
  return CLASSIFICATION[RULES[rule].row].severity;
}

/** A rule that a change breaks. */
export interface Finding {
  readonly rule: RuleName;
  /** A path, or a commit. */
  readonly subject: string;
  /** What exactly, in Markdown; words of outsiders in it are quoted. */
  readonly detail: string;
}

/** What all findings of a push come to: a source that is new and that nobody reviewed is the unexpected one of the runbook. */
export function classifyFindings(findings: readonly Finding[]): Classification {
  const rows = findings.map(({ rule }): Rule => RULES[rule].row);
  const isUnexpected = rows.includes("suspected-compromise") && rows.includes("unusual-recipe");
  const [first = "asks-for-a-look", ...others] = isUnexpected ? ["unexpected-source" as const, ...rows] : rows;
  return classify([first, ...others]);
}
