import type { Scope } from "../ecosystem.ts";
import { quote } from "../quote.ts";
import { type Arrival, arrivalLine } from "../supply-chain/arrival.ts";
import { type Drift, resultLine } from "../supply-chain/check-result.ts";
import { type ResponseFacts, responseChecklist } from "../supply-chain/response.ts";
import type { Cause, Incident } from "./incident.ts";

/** A recipe whose download is not what was published. */
export interface DriftReport {
  readonly path: string;
  readonly drifts: readonly [Drift, ...Drift[]];
  /** What brought the recipe; null when it cannot be told. */
  readonly introduced: Arrival | null;
  /** What else changed recipes within the same window, newest first. */
  readonly beside: readonly Arrival[];
  readonly scope: Scope;
  /** Null where the settings say that nothing is stopped. */
  readonly hold: string | null;
  readonly secrets: ResponseFacts["secrets"];
}

/** What a drift at an address is to incidents: many drifts of one host are one. */
export function driftCause(url: string): Extract<Cause, { kind: "drift" }> {
  return { kind: "drift", host: URL.parse(url)?.hostname ?? "" };
}

/** The words by which an incident is known to tell of a recipe. */
export function driftHeading(path: string): string {
  return `What ${quote(path, 150)} downloads **is not what was published**`;
}

/** The incident of checksums that differ. Critical, and never closed by this app. */
export function driftIncident(report: DriftReport): Incident {
  const cause = driftCause(report.drifts[0].check.url);
  return {
    cause,
    severity: "critical",
    title: `Checksum drift at ${cause.host}`,
    body: `${driftText(report)}

Further drifts of the same host are added below: if there are many at once, the host may have made its archives anew; that is for a person to find out, and nothing is released for it. Batchkeeper never closes this issue.

### What to do
${responseChecklist({ ...report, batch: report.introduced?.batches[0] ?? null })}
- [ ] Look at the file of the publisher, by another way than the recipe names, before anybody installs it.`,
  };
}

/** What one recipe adds. */
export function driftText({ path, drifts, introduced, beside, scope, hold }: DriftReport): string {
  return [
    `${driftHeading(path)}:`,
    drifts.map(resultLine).join("\n"),
    introduced === null ? "What brought the recipe cannot be told." : `It was brought by\n${arrivalLine(introduced)}`,
    beside.length === 0
      ? "Nothing else changed recipes within a day of that."
      : `Within a day of that, this changed recipes too:\n${beside.map(arrivalLine).join("\n")}`,
    ...(hold === null
      ? []
      : [`**${scope === "*" ? "Everything" : scope} is stopped** by a security hold, \`${hold}\`.`]),
  ].join("\n\n");
}
