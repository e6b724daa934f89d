import type { Moment, Outcome } from "./breaker.ts";

const { compare: byNumber } = new Intl.Collator("en", { numeric: true });

/** The order in which runs ended; those of the same second by their number, and behind them the end of that second. */
export function byTime(a: Moment, b: Moment): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.run === null || b.run === null) return Number(a.run === null) - Number(b.run === null);
  return byNumber(a.run, b.run);
}

/** Whether the window holds this attempt already, or a later attempt of the same run, which stands in its place. */
export function isSuperseded({ run }: Pick<Outcome, "run">, window: readonly Outcome[]): boolean {
  const { id, attempt } = identify(run);
  return window.some((known) => {
    const other = identify(known.run);
    return other.id === id && other.attempt >= attempt;
  });
}

/** The window with one more outcome, in the order of time, in place of an earlier attempt of the same run. */
export function insertOutcome(window: readonly Outcome[], outcome: Outcome): readonly Outcome[] {
  const { id } = identify(outcome.run);
  return [...window.filter(({ run }) => identify(run).id !== id), outcome].sort(byTime);
}

/** Those outcomes of a window that come after a moment. */
export function outcomesAfter(window: readonly Outcome[], moment: Moment | null): readonly Outcome[] {
  return moment === null ? window : window.filter((outcome) => byTime(outcome, moment) > 0);
}

/** Whether an attempt is over once `other` is: it is that one, or an earlier one of the same run. */
export function isOverWith(run: string, other: string): boolean {
  const [one, two] = [identify(run), identify(other)];
  return one.id === two.id && one.attempt <= two.attempt;
}

function identify(run: string): { readonly id: string; readonly attempt: number } {
  const [id = run, attempt] = run.split(".");
  return { id, attempt: Number(attempt) };
}
