import type { Breaker, Outcome } from "../breaker/breaker.ts";
import type { Ecosystem } from "../ecosystem.ts";
import { printInstant } from "../instant.ts";

/** Why a breaker is open: what its latest runs came to. */
export function whyOpen({ failures, window }: Breaker): string {
  const parts = window.reduce((sum, { ok, failed }) => sum + ok + failed, 0);
  const failed = window.reduce((sum, sample) => sum + sample.failed, 0);
  const rate =
    parts === 0 ? "" : ` (${Math.round((100 * failed) / parts)} % of what the last ${window.length} runs tried)`;
  return `${failures} failing ${failures === 1 ? "run" : "runs"} in a row${rate}.`;
}

/** When an open breaker is tried next, or what it waits for. */
export function nextProbe(ecosystem: Ecosystem, { opensAt }: Breaker): string {
  return opensAt === null
    ? `It stays open until \`/batch breaker ${ecosystem} reset — reason\`.`
    : `It is tried again at ${printInstant(opensAt)}.`;
}

/** The latest failing runs of a breaker. */
export function failingIn(window: readonly Outcome[]): readonly Outcome[] {
  return window.filter(({ failed }) => failed > 0).slice(-5);
}

/** The latest failing runs, each with a link. */
export function failingRuns(window: readonly Outcome[], repositoryUrl: string): string {
  const runs = failingIn(window);
  if (runs.length === 0) return "none recorded";
  return runs
    .map(({ run, ok, failed }) => `[${run}](${runUrl(repositoryUrl, run)}) (${failed} of ${ok + failed} failed)`)
    .join(", ");
}

function runUrl(repositoryUrl: string, run: string): string {
  const [id, attempt] = run.split(".");
  return `${repositoryUrl}/actions/runs/${id}${attempt === undefined ? "" : `/attempts/${attempt}`}`;
}
