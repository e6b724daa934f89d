import type { Instant } from "../instant.ts";
import { quote } from "../quote.ts";
import type { AdvisoryState } from "../supply-chain/advisory.ts";
import { type NoticeFacts, noticeSection } from "../supply-chain/notice.ts";
import { type ResponseFacts, responseSteps } from "../supply-chain/response.ts";
import { classifyFindings, type Finding, RULES, type RuleName, severityOfRule } from "../supply-chain/rule.ts";
import type { Incident, Severity } from "./incident.ts";
import { BRANCHES, stoppedText } from "./security-branch.ts";
import { type Walk, walkText } from "./walk.ts";

/** A push that breaks rules of the supply chain. */
export interface JudgedPush {
  /** `owner/name` of the repository. */
  readonly repository: string;
  /** Login of whoever pushed. */
  readonly actor: string;
  readonly before: string;
  readonly after: string;
  readonly compareUrl: string;
  /** When it came. */
  readonly at: Instant;
  /** At least one. */
  readonly findings: readonly Finding[];
  /** Recipes that it changed by commits of no merged pull request. */
  readonly unreviewed: readonly string[];
  /** The security hold that was set because of it: its id; null when there is none. */
  readonly hold: string | null;
  /** Null when they could not be read, or were not needed. */
  readonly secrets: ResponseFacts["secrets"];
  readonly advisory: AdvisoryState;
}

const MOST_FINDINGS = 20;

/** Whether it is about recipes, or about what the pipeline and this app obey. */
export type PushCause = "provenance" | "tamper";

/** The incident of pushes that broke rules. It is never closed by this app: whether all is well is for a person to say. */
export function pushIncident(cause: PushCause, push: JudgedPush): Incident {
  const { severity, what, runbook } = classifyFindings(push.findings);
  const notice = severity === "critical" ? [noticeSection(pushNotice(push))] : [];
  return {
    cause: { kind: cause },
    severity,
    title:
      cause === "provenance"
        ? "Recipes were changed in a way that asks for a look"
        : "What the pipeline obeys was changed by hand",
    body: [
      pushText(push),
      `It is **${severity}**, because ${what} (runbook ${runbook}). What comes later is added below. Batchkeeper never closes this issue: close it when somebody has looked at every change.`,
      walkText(walk(cause, push)),
      ...notice,
    ].join("\n\n"),
  };
}

function walk(cause: PushCause, push: JudgedPush): Walk {
  const { findings, unreviewed, hold } = push;
  const has = (...rules: readonly RuleName[]) => findings.some(({ rule }) => rules.includes(rule));
  const isDirect = has("direct-push", "force-push");
  const isCritical = severityOf(push) === "critical";
  const sources = has("new-host", "insecure-scheme", "origin-changed");
  return {
    section: 5,
    tree: [
      { when: BRANCHES.drift, isTaken: null, why: "`/batch verify <recipe>` compares what a recipe downloads" },
      sources
        ? { when: BRANCHES.source, isTaken: true, why: "the findings above name it." }
        : { when: BRANCHES.source, isTaken: false, why: "no recipe names a new one" },
      { when: BRANCHES.validation, isTaken: null, why: "runs are judged when they end, in the incidents of breakers" },
    ],
    steps: [
      { what: "Batch processing", found: isCritical ? stoppedText(hold, "*") : "it goes on: this is not critical." },
      {
        what: "Affected recipes",
        found:
          cause === "tamper" ? "none by this." : `${unreviewed.length} changed past a review; the findings are above.`,
      },
      {
        what: "By a pull request or a direct push",
        found: cause === "tamper" || isDirect ? "by a **direct push**." : "by merged pull requests.",
      },
      { what: "Checksums", found: "not downloaded: `/batch verify <recipe>` does, and says what it cannot compare." },
    ],
    resolution: isCritical ? responseSteps({ ...push, batch: null, accept: null }) : steps(cause),
  };
}

function steps(cause: PushCause): readonly string[] {
  const rollback =
    "If a batch brought it: `/batch batches` names the batch, and `/batch rollback <batch id> --dry-run` shows what a rollback does.";
  return [
    "Look at the change, and ask whoever made it.",
    ...(cause === "provenance" ? [rollback] : []),
    "If it is not meant: `/batch stop suspected compromise`, revert the change by a pull request, and look at what ran since.",
  ];
}

/** What is known of the push for those who install from the recipes. */
export function pushNotice({ repository, unreviewed, at, before }: JudgedPush): NoticeFacts {
  return { repository, recipes: unreviewed, at, found: { kind: "push", pushedAt: at, before } };
}

/** What is added to an incident that is open: the push, and where it is critical what users are to be told of it. */
export function pushUpdate(push: JudgedPush): string {
  const notice = severityOf(push) === "critical" ? [noticeSection(pushNotice(push))] : [];
  return [pushText(push), ...notice].join("\n\n");
}

/** What one push did, with every rule that it breaks. */
export function pushText({ actor, before, after, compareUrl, findings, hold }: JudgedPush): string {
  const lines = findings.slice(0, MOST_FINDINGS).map(({ rule, subject, detail }) => {
    return `- **${rule}** (${severityOfRule(rule)}), ${quote(subject, 150)}: ${detail}. ${RULES[rule].reason}`;
  });
  const more = findings.length > lines.length ? [`- and ${findings.length - lines.length} more`] : [];
  const held = hold === null ? [] : [heldText(hold)];
  return [
    `${quote(actor, 40)} pushed [\`${before.slice(0, 10)}\` → \`${after.slice(0, 10)}\`](${compareUrl}) to the default branch:`,
    [...lines, ...more].join("\n"),
    ...held,
  ].join("\n\n");
}

/** The severity that a push has by all that it breaks. */
export function severityOf({ findings }: Pick<JudgedPush, "findings">): Severity {
  return classifyFindings(findings).severity;
}

function heldText(hold: string): string {
  return `**Everything is stopped**: the security hold \`${hold}\` stands until two people lift it (\`/batch resume --hold ${hold}\`).`;
}
