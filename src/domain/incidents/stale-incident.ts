import { elapsed } from "../elapsed.ts";
import { DAY, type Duration, type Instant, printInstant } from "../instant.ts";
import { quote } from "../quote.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Incident, Severity } from "./incident.ts";

/** A pipeline that stands still although nothing stops it. */
export interface StaleFacts {
  /** When the latest batch run began. */
  readonly lastRunAt: Instant;
  readonly lastRunUrl: string;
  readonly now: Instant;
  readonly staleAfter: Duration;
  /** Open pull requests of batches, oldest first. Null when GitHub could not be asked. */
  readonly batches:
    | readonly { readonly number: number; readonly title: string; readonly openedAt: Instant | null }[]
    | null;
  /** Batch workflows that somebody has switched off, by file name. */
  readonly disabled: readonly string[];
}

/** Graver after a day: by then it is no late schedule any more. */
export function staleSeverity({ lastRunAt, now }: StaleFacts): Severity {
  return CLASSIFICATION[now - lastRunAt >= DAY ? "long-standstill" : "standstill"].severity;
}

/** The incident of a pipeline that stands still. */
export function staleIncident(facts: StaleFacts): Incident {
  return {
    cause: { kind: "stale" },
    severity: staleSeverity(facts),
    title: "No batch has run for a while, although nothing stops it",
    body: `${staleText(facts)}

### What to do
${steps(facts)
  .map((step) => `- ${step}`)
  .join("\n")}
- If it is meant to rest, say so: \`/batch stop — reason\`.
- This issue is closed by the next run.`,
  };
}

/** For how long nothing has run, and what is in the way. */
export function staleText({ lastRunAt, lastRunUrl, now, staleAfter, batches, disabled }: StaleFacts): string {
  const since = `The latest [batch run](${lastRunUrl}) began ${elapsed(now - lastRunAt)} ago, at ${printInstant(lastRunAt)}; more than ${elapsed(staleAfter)} are too long (\`incidents.stale_after\`), and no hold stops everything.`;
  const off =
    disabled.length === 0
      ? ""
      : ` **The workflow is switched off:** ${disabled.map((file) => quote(file)).join(", ")}.`;
  if (batches === null)
    return `${since}${off} Whether an open batch pull request is in the way could not be read from GitHub.`;
  const [oldest] = batches;
  if (oldest === undefined) return `${since}${off}`;
  const age = oldest.openedAt === null ? "" : `, open for ${elapsed(now - oldest.openedAt)}`;
  const more = batches.length === 1 ? "" : ` and ${batches.length - 1} more`;
  return `${since}${off} **An open batch pull request is in the way:** #${oldest.number} ${quote(oldest.title, 100)}${age}${more}. The pipeline starts no batch while one is open.`;
}

/** What to say when it runs again. */
export function staleOver(run: string): string {
  return `Batches run again: run ${run}.`;
}

function steps({ batches, disabled }: StaleFacts): readonly string[] {
  const [oldest] = batches ?? [];
  return [
    ...(oldest === undefined ? [] : [`Merge or close #${oldest.number}: then the next schedule starts a batch.`]),
    ...(disabled.length === 0 ? [] : ["Switch the workflow on again (Actions, Enable workflow)."]),
    ...(oldest === undefined && disabled.length === 0
      ? [
          "Look at the workflow's schedule and at its latest runs; GitHub switches schedules off after 60 days without a commit.",
        ]
      : []),
  ];
}
