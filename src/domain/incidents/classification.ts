import { SEVERITIES, type Severity } from "./incident.ts";

/** One row of the classification. */
export interface Classification {
  readonly severity: Severity;
  /** Where the runbook says so. */
  readonly runbook: string;
  /** What it is, in a few plain words. */
  readonly what: string;
}

/**
 * How grave what is (runbook, "Incident Severity Classification", with the section that tells it in particular). A rule that
 * the runbook does not name has the row of the runbook that it is an example of.
 */
export const CLASSIFICATION = {
  "suspected-compromise": row("critical", "section 5, escalation", "a security compromise is suspected"),
  "checksum-drift": row("critical", "section 5, decision tree", "a file changed without a new version"),
  "unexpected-source": row("critical", "section 5, decision tree", "a recipe has an unexpected source"),
  "stop-not-honoured": row("critical", "section 2, decision tree", "a batch ran or merged under a stop"),
  "most-recipes-fail": row(
    "high",
    "section 1, escalation",
    "over half of a batch's recipes fail in several ecosystems",
  ),
  "several-ecosystems": row("high", "section 1, decision tree", "several ecosystems fail at once"),
  "unusual-recipe": row("high", "section 5, decision tree", "a reviewed recipe has a source or a command that is new"),
  "pipeline-changed": row("high", "section 5, investigation", "what the pipeline obeys was changed past every review"),
  "unusual-validation": row("high", "section 5, decision tree", "validation fails in an unusual pattern"),
  "control-file-unreadable": row("high", "section 2, investigation", "the control file cannot be read"),
  "no-recovery": row("high", "section 1, escalation", "an ecosystem does not recover"),
  "long-stop": row("high", "section 2, escalation", "everything has been stopped for over 24 hours"),
  "long-standstill": row("high", "section 2, escalation", "no batch has run for a day"),
  "asks-for-a-look": row("medium", "section 5, investigation", "a change asks for a look"),
  "one-ecosystem": row("medium", "section 1, decision tree", "a single ecosystem is degraded"),
  standstill: row("medium", "section 1, decision tree", "no batch runs, and nothing stops it"),
  "budget-stop": row("medium", "section 4, decision tree", "the budget is used up to the threshold of stopping"),
  transient: row("low", "section 1, resolution", "transient failures"),
  "budget-sampling": row("low", "section 4, decision tree", "the budget is used up to the threshold of sampling"),
  "budget-unreadable": row("low", "section 4, investigation", "the budget cannot be read"),
  "budget-frequency": row("low", "section 4, escalation", "batches run more often than the budget allows"),
  "objective-missed": row("low", "section 1", "a success rate objective is missed"),
  "results-unreadable": row("low", "section 1, investigation", "the results of a run cannot be read"),
  "configuration-unreadable": row("low", "section 2", "the configuration cannot be used"),
} as const satisfies Readonly<Record<string, Classification>>;

/** The name of a row. */
export type Rule = keyof typeof CLASSIFICATION;

function row<const S extends Severity>(severity: S, runbook: string, what: string) {
  return { severity, runbook, what } as const;
}

/** A row that decided, by its name. */
export interface Classified extends Classification {
  readonly rule: Rule;
}

/** The row that decides where several apply: the gravest, of equally grave ones the first. */
export function classify(rules: readonly [Rule, ...Rule[]]): Classified {
  const [first, ...others] = rules;
  const gravest = others.reduce((one, other) => (rank(other) < rank(one) ? other : one), first);
  return { rule: gravest, ...CLASSIFICATION[gravest] };
}

function rank(rule: Rule): number {
  return SEVERITIES.indexOf(CLASSIFICATION[rule].severity);
}
