import { quote } from "../quote.ts";
import { CLASSIFICATION } from "./classification.ts";
import type { Incident } from "./incident.ts";

/** Results of a run that are there and cannot be understood. */
export interface UnreadableResults {
  readonly runUrl: string;
  readonly run: string;
  /** `the artifact batch-results`. */
  readonly source: string;
  readonly problem: string;
}

/** Results that cannot be understood. Low: the next source was asked, but it knows less, often nothing of the recipes. */
export function sourceIncident(unreadable: UnreadableResults): Incident {
  return {
    cause: { kind: "results" },
    severity: CLASSIFICATION["results-unreadable"].severity,
    title: "The results of a batch run cannot be read",
    body: `${unreadableText(unreadable)} The next source of \`outcomes\` was asked in its place.

### What to do
- Mend what the workflow writes: JSON like \`{"per_ecosystem": {"homebrew": {"succeeded": 9, "failed": 1}}}\`.
- Or take the source out of \`outcomes\` in \`.github/batchkeeper.yml\`.
- Close this issue then; it comes back with the next run whose results cannot be read.`,
  };
}

/** What a further run adds. */
export function unreadableText({ run, runUrl, source, problem }: UnreadableResults): string {
  return `Run [${run}](${runUrl}): ${quote(source, 120)} cannot be understood: ${quote(problem)}.`;
}
