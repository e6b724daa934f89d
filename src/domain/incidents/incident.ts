import type { Ecosystem } from "../ecosystem.ts";
import { shortHash } from "../short-hash.ts";
import type { Entry } from "./incident-log.ts";

/** Gravest first (runbook, "Incident Severity Classification"). */
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;

export type Severity = (typeof SEVERITIES)[number];

/** How an incident without a label of its severity is treated: somebody took it off, and nobody knows why. */
export const UNCLASSIFIED: Severity = "high";

/** The graver of two severities; what has none, because somebody took its label off, has what is found. */
export function graver(known: Severity | null, found: Severity): Severity {
  if (known === null) return found;
  return SEVERITIES.indexOf(known) <= SEVERITIES.indexOf(found) ? known : found;
}

/** What an incident is about: one open issue for each cause. */
export type Cause =
  | { readonly kind: "breaker"; readonly ecosystem: Ecosystem }
  /** A success rate that missed its objective for a week. */
  | { readonly kind: "objective"; readonly ecosystem: Ecosystem }
  /** Results of runs that cannot be understood. */
  | { readonly kind: "results" }
  /** No batch runs, and nothing stops it. */
  | { readonly kind: "stale" }
  /** Everything has been stopped for over a day. */
  | { readonly kind: "long-stop" }
  | { readonly kind: "control-file" }
  | { readonly kind: "configuration" }
  /** A threshold of the week's budget is reached. */
  | { readonly kind: "budget" }
  /** Recipes were changed in a way that nobody should have to accept unseen. */
  | { readonly kind: "provenance" }
  /** What a host gives is not what was published. */
  | { readonly kind: "drift"; readonly host: string }
  /** What the pipeline and this app obey was changed past them. */
  | { readonly kind: "tamper" }
  /** Batches run more often than the budget allows, week after week. */
  | { readonly kind: "budget-frequency" }
  /** A batch ran or merged although a hold stands. */
  | { readonly kind: "stop-not-honoured"; readonly hold: string }
  /** What a person reported, by the command that did: `<comment id>.<position>`. */
  | { readonly kind: "reported"; readonly command: string };

/** Causes of which only a person says that they are over: no evidence of ours proves that nobody is attacking. */
const SECURITY: ReadonlySet<Cause["kind"]> = new Set([
  "reported",
  "stop-not-honoured",
  "provenance",
  "drift",
  "tamper",
]);

/** Whether only a person closes the incident of a cause. */
export function isSecurity({ kind }: Cause): boolean {
  return SECURITY.has(kind);
}

/** An incident as it is shown: an issue with labels. Markdown; words of outsiders in it are quoted. */
export interface Incident {
  readonly cause: Cause;
  readonly severity: Severity;
  readonly title: string;
  readonly body: string;
  /** What led to it, for its timeline. */
  readonly before?: readonly Entry[];
}

/** The identity of a cause, stable over time: `breaker:homebrew`. */
export function causeKey(cause: Cause): string {
  if (cause.kind === "stop-not-honoured") return `${cause.kind}:${cause.hold}`;
  if ("host" in cause) return `${cause.kind}:${cause.host}`;
  if (cause.kind === "reported") return `${cause.kind}:${cause.command}`;
  return "ecosystem" in cause ? `${cause.kind}:${cause.ecosystem}` : cause.kind;
}

/** The labels by which the open incident of a cause is found again; `severity:` is beside them because it changes. */
export function causeLabels(cause: Cause): readonly string[] {
  const labels = ["batchkeeper", "incident"];
  return "ecosystem" in cause ? [...labels, ecosystemLabel(cause.ecosystem)] : labels;
}

// GitHub refuses a longer name with 422, and the whole issue with it (github/docs#32156). Ecosystems may have 64.
const LONGEST_LABEL = 50;

/** `ecosystem:homebrew`; the end of a name that is too long for a label is a hash, so that no two names share one. */
function ecosystemLabel(ecosystem: Ecosystem): string {
  const label = `ecosystem:${ecosystem}`;
  if (label.length <= LONGEST_LABEL) return label;
  const hash = shortHash(ecosystem);
  return `${label.slice(0, LONGEST_LABEL - hash.length - 1)}~${hash}`;
}

/** The label of a severity. */
export function severityLabel(severity: Severity): string {
  return `severity:${severity}`;
}
