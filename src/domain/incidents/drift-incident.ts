import type { Scope } from "../ecosystem.ts";
import type { Instant } from "../instant.ts";
import { numberLink } from "../number-link.ts";
import { quote } from "../quote.ts";
import type { AdvisoryState } from "../supply-chain/advisory.ts";
import { type Arrival, arrivalLine } from "../supply-chain/arrival.ts";
import { type CheckResult, type Drift, resultLine } from "../supply-chain/check-result.ts";
import { type NoticeFacts, noticeSection } from "../supply-chain/notice.ts";
import { type ResponseFacts, responseSteps } from "../supply-chain/response.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Cause, Incident } from "./incident.ts";
import { BRANCHES, stoppedText } from "./security-branch.ts";
import { type Walk, walkText } from "./walk.ts";

/** A recipe whose downloads from one host are not what was published. */
export interface DriftReport {
  /** `owner/name` of the repository. */
  readonly repository: string;
  readonly path: string;
  /** What stands for `{version}`; null where nothing does. */
  readonly version: string | null;
  readonly at: Instant;
  readonly drifts: readonly [Drift, ...Drift[]];
  /** What else of the recipe was looked at; what drifted at other hosts is among it. */
  readonly others: readonly CheckResult[];
  /** What brought the recipe; null when it cannot be told. */
  readonly introduced: Arrival | null;
  /** What else changed recipes within the same window, newest first. */
  readonly beside: readonly Arrival[];
  readonly scope: Scope;
  /** Null where the settings say that nothing is stopped. */
  readonly hold: string | null;
  readonly secrets: ResponseFacts["secrets"];
  readonly advisory: AdvisoryState;
}

/** What a drift at an address is to incidents: many drifts of one host are one. */
export function driftCause(url: string): Extract<Cause, { kind: "drift" }> {
  return { kind: "drift", host: URL.parse(url)?.hostname ?? "" };
}

/** The drifts of one recipe as its incidents tell them: those of each host, beside everything else that was looked at. */
export function driftsByHost(results: readonly CheckResult[]): readonly Pick<DriftReport, "drifts" | "others">[] {
  const drifts = results.filter((result) => result.kind === "drift");
  const hosts = Map.groupBy(drifts, ({ check }) => driftCause(check.url).host);
  return [...hosts.values()].flatMap((ofHost) => {
    const [first, ...more] = ofHost;
    const others = results.filter((result) => !ofHost.some((drift) => drift === result));
    return first === undefined ? [] : [{ drifts: [first, ...more] as const, others }];
  });
}

/** The words by which an incident is known to tell of a recipe. */
export function driftHeading(path: string): string {
  return `What ${quote(path, 150)} downloads **is not what was published**`;
}

/** The incident of checksums that differ. Critical, and never closed by this app. */
export function driftIncident(report: DriftReport): Incident {
  const cause = driftCause(report.drifts[0].check.url);
  const { severity, what, runbook } = CLASSIFICATION["checksum-drift"];
  return {
    cause,
    severity,
    title: `Checksum drift at ${cause.host}`,
    body: `${driftText(report)}

It is **${severity}**, because ${what} (runbook ${runbook}). Further drifts of the same host are added below: if there are many at once, the host may have made its archives anew; that is for a person to find out, and nothing is released for it. Batchkeeper never closes this issue.

${walkText(walk(report))}

${noticeSection(driftNotice(report))}`,
  };
}

function walk(report: DriftReport): Walk {
  const { path, version, drifts, others, introduced, beside, hold, scope } = report;
  const accept = `/batch drift accept ${path}${version === null ? "" : ` --version ${version}`}`;
  const results = [...drifts, ...others];
  const differing = results.filter(({ kind }) => kind === "drift");
  const isOwn = drifts.some(({ check }) => check.published.kind === "hash");
  const response = { ...report, batch: introduced?.batches[0] ?? null, accept: isOwn ? accept : null };
  return {
    section: 5,
    tree: [
      { when: BRANCHES.drift, isTaken: true, why: "stop immediately." },
      { when: BRANCHES.source, isTaken: null, why: "pushes are judged when they come, in an incident of their own" },
      { when: BRANCHES.validation, isTaken: null, why: "runs are judged when they end, in the incidents of breakers" },
    ],
    steps: [
      { what: "Batch processing", found: stoppedText(hold, scope) },
      { what: "Affected recipes", found: `${quote(path, 150)}; what else this host drifts is added below.` },
      {
        what: "Other changes of recipes when this one came",
        found: besideText(beside),
      },
      {
        what: "Checksums, downloaded anew",
        found: `${differing.length} of ${results.length} differ; each is listed above.`,
      },
      { what: "By a pull request or a direct push", found: wayOf(introduced) },
    ],
    resolution: [
      "[ ] Look at the file of the publisher, by another way than the recipe names, before anybody installs it.",
      ...responseSteps(response),
    ],
  };
}

function besideText(beside: readonly Arrival[]): string {
  const direct = beside.filter(({ pull }) => pull === null).length;
  if (beside.length === 0) return "none within a day of that.";
  return `${beside.length} within a day of that, ${direct === 0 ? "all" : `**${direct}** of them not`} by a merged pull request.`;
}

function wayOf(introduced: Arrival | null): string {
  if (introduced === null) return "what brought the recipe cannot be told.";
  const { pull, url, sha } = introduced;
  return pull === null
    ? `the recipe came by **no merged pull request**, in [\`${sha.slice(0, 10)}\`](${url}).`
    : `the recipe came by ${numberLink(pull)}, which was merged.`;
}

/** What is known of the drift for those who install from the recipes. */
export function driftNotice(report: DriftReport): NoticeFacts {
  const { repository, path, version, at, drifts, others, introduced } = report;
  const found = { kind: "drift", results: [...drifts, ...others], version, since: introduced?.date ?? null } as const;
  return { repository, recipes: [path], at, found };
}

/** What is added to an incident that is open: the recipe, and what users are to be told of it. */
export function driftUpdate(report: DriftReport): string {
  return `${driftText(report)}\n\n${noticeSection(driftNotice(report))}`;
}

const MOST_BESIDE = 8;

/** What one recipe adds. */
export function driftText({ path, drifts, others, introduced, beside, scope, hold }: DriftReport): string {
  const more = beside.length > MOST_BESIDE ? [`- and ${beside.length - MOST_BESIDE} more: \`/batch audit\``] : [];
  const arrivals = [...beside.slice(0, MOST_BESIDE).map(arrivalLine), ...more].join("\n");
  return [
    `${driftHeading(path)}:`,
    [...drifts, ...others].map(resultLine).join("\n"),
    introduced === null ? "What brought the recipe cannot be told." : `It was brought by\n${arrivalLine(introduced)}`,
    beside.length === 0
      ? "Nothing else changed recipes within a day of that."
      : `Within a day of that, this changed recipes too:\n${arrivals}`,
    ...(hold === null
      ? []
      : [`**${scope === "*" ? "Everything" : scope} is stopped** by a security hold, \`${hold}\`.`]),
  ].join("\n\n");
}
