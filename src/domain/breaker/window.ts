import type { BreakerPolicy, Sample } from "./breaker.ts";

const { compare: byRun } = new Intl.Collator("en", { numeric: true });

/** The order in which runs ended; those of the same second by their number. */
export function byTime(a: Pick<Sample, "run" | "at">, b: Pick<Sample, "run" | "at">): number {
  return a.at - b.at || byRun(a.run, b.run);
}

/** Whether an outcome failed on the whole: the share of its failed parts reaches the failure rate. */
export function isFailing({ ok, failed }: Pick<Sample, "ok" | "failed">, { failureRate }: BreakerPolicy): boolean {
  return failed > 0 && failed / (ok + failed) >= failureRate;
}

/** Whether the window holds this attempt already, or a later attempt of the same run, which stands in its place. */
export function isSuperseded({ run }: Pick<Sample, "run">, window: readonly Sample[]): boolean {
  const { id, attempt } = identify(run);
  return window.some((sample) => {
    const other = identify(sample.run);
    return other.id === id && other.attempt >= attempt;
  });
}

/**
 * The window with one more sample, in the order of time, in place of an earlier attempt of the same run. It is one longer
 * than `size` when it was full, so that the caller can still count across its beginning; null when the sample is older
 * than everything in a full window.
 */
export function insertSample(window: readonly Sample[], sample: Sample, size: number): readonly Sample[] | null {
  const { id } = identify(sample.run);
  const others = window.filter(({ run }) => identify(run).id !== id);
  const samples = [...others, sample].sort(byTime);
  return samples.indexOf(sample) < samples.length - size ? null : samples;
}

/** How many of the newest samples fail without a success between them. */
export function trailingFailures(samples: readonly Sample[], policy: BreakerPolicy): number {
  return samples.length - 1 - samples.findLastIndex((sample) => !isFailing(sample, policy));
}

/** The parts that succeeded and failed in all samples together: a run of many parts weighs more than a run of few. */
export function sumParts(samples: readonly Sample[]): { readonly ok: number; readonly failed: number } {
  return {
    ok: samples.reduce((sum, { ok }) => sum + ok, 0),
    failed: samples.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function identify(run: string): { readonly id: string; readonly attempt: number } {
  const [id = run, attempt] = run.split(".");
  return { id, attempt: Number(attempt) };
}
