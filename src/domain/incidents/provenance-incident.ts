import { quote } from "../quote.ts";
import { type ResponseFacts, responseChecklist } from "../supply-chain/response.ts";
import { type Finding, gravest, RULES } from "../supply-chain/rule.ts";
import type { Incident, Severity } from "./incident.ts";

/** A push that breaks rules of the supply chain. */
export interface JudgedPush {
  /** Login of whoever pushed. */
  readonly actor: string;
  readonly before: string;
  readonly after: string;
  readonly compareUrl: string;
  /** At least one. */
  readonly findings: readonly Finding[];
  /** The security hold that was set because of it: its id; null when there is none. */
  readonly hold: string | null;
  /** Null when they could not be read, or were not needed. */
  readonly secrets: ResponseFacts["secrets"];
}

const MOST_FINDINGS = 30;

/** Whether it is about recipes, or about what the pipeline and this app obey. */
export type PushCause = "provenance" | "tamper";

/** The incident of pushes that broke rules. It is never closed by this app: whether all is well is for a person to say. */
export function pushIncident(cause: PushCause, push: JudgedPush): Incident {
  const severity = severityOf(push);
  return {
    cause: { kind: cause },
    severity,
    title:
      cause === "provenance"
        ? "Recipes were changed in a way that asks for a look"
        : "What the pipeline obeys was changed by hand",
    body: `${pushText(push)}

What comes later is added below. Batchkeeper never closes this issue: close it when somebody has looked at every change.

### What to do
${severity === "critical" ? responseChecklist({ ...push, batch: null }) : steps(cause)}`,
  };
}

function steps(cause: PushCause): string {
  const rollback =
    "- If a batch brought it: `/batch batches` names the batch, and `/batch rollback <batch id> --dry-run` shows what a rollback does.";
  return [
    "- Look at the change, and ask whoever made it.",
    ...(cause === "provenance" ? [rollback] : []),
    "- If it is not meant: `/batch stop suspected compromise`, revert the change by a pull request, and look at what ran since.",
  ].join("\n");
}

/** What one push did, with every rule that it breaks. */
export function pushText({ actor, before, after, compareUrl, findings, hold }: JudgedPush): string {
  const lines = findings.slice(0, MOST_FINDINGS).map(({ rule, subject, detail }) => {
    const { severity, reason } = RULES[rule];
    return `- **${rule}** (${severity}), ${quote(subject, 150)}: ${detail}. ${reason}`;
  });
  const more = findings.length > lines.length ? [`- and ${findings.length - lines.length} more`] : [];
  const held = hold === null ? [] : [heldText(hold)];
  return [
    `${quote(actor, 40)} pushed [\`${before.slice(0, 10)}\` → \`${after.slice(0, 10)}\`](${compareUrl}) to the default branch:`,
    [...lines, ...more].join("\n"),
    ...held,
  ].join("\n\n");
}

/** The severity of the gravest rule that a push breaks. */
export function severityOf({ findings }: Pick<JudgedPush, "findings">): Severity {
  return gravest(findings) ?? "low";
}

function heldText(hold: string): string {
  return `**Everything is stopped**: the security hold \`${hold}\` stands until two people lift it (\`/batch resume --hold ${hold}\`).`;
}
