import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readSoundFile } from "../src/domain/control/control-file.ts";
import { type Ecosystem, parseReportedEcosystem } from "../src/domain/ecosystem.ts";
import { type Instant, MINUTE } from "../src/domain/instant.ts";

/** What the recorded breaker of an ecosystem said at one version of the file. */
interface RecordedBreaker {
  readonly failures: number;
  readonly lastFailure: Instant | null;
}

/** One recorded version of the control file. */
export interface RecordedVersion {
  readonly at: Instant;
  readonly breakers: ReadonlyMap<Ecosystem, RecordedBreaker>;
}

/** What one run of the pipeline did to the ecosystems that it tried: whether it failed, and the failures in a row then. */
export interface RecordedRun {
  readonly at: Instant;
  readonly attempts: ReadonlyMap<Ecosystem, { readonly failed: boolean; readonly inARow: number }>;
}

const versionRecord = z.object({ date: z.string(), text: z.string() });
const NO_ALIASES = new Map<string, string>();

/** Reads the recorded versions of the control file, oldest first. */
export function readControlHistory(folder: string): readonly RecordedVersion[] {
  const lines = readFileSync(join(folder, "upstream/control-history.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const { date, text } = versionRecord.parse(JSON.parse(line));
    const breakers = new Map<Ecosystem, RecordedBreaker>();
    for (const [name, { failures, lastFailure }] of readSoundFile(text).control.breakers) {
      const ecosystem = parseReportedEcosystem(name, NO_ALIASES);
      if (ecosystem !== null) breakers.set(ecosystem, { failures, lastFailure });
    }
    return { at: Date.parse(date), breakers };
  });
}

/**
 * The runs that lie behind the versions. A count that rose by n between two versions had n failures, the last at the time
 * that is recorded; one that fell had a success first. Between the versions they are spread evenly, at the same times for
 * ecosystems that were counted together: those were tried by the same runs.
 */
export function runsBehind(versions: readonly RecordedVersion[]): readonly RecordedRun[] {
  const runs = new Map<Instant, Map<Ecosystem, { failed: boolean; inARow: number }>>();
  for (const [index, version] of versions.entries()) {
    const before = versions[index - 1];
    if (before === undefined) continue;
    for (const [ecosystem, { failures, lastFailure }] of version.breakers) {
      const attempts = attemptsBetween(before.breakers.get(ecosystem)?.failures ?? 0, failures);
      const hasFailed = attempts.some(({ failed }) => failed);
      const end = hasFailed && lastFailure !== null && lastFailure > before.at ? lastFailure : version.at;
      for (const [nth, attempt] of attempts.entries()) {
        const at = Math.round((before.at + ((end - before.at) * (nth + 1)) / attempts.length) / MINUTE) * MINUTE;
        runs.getOrInsertComputed(at, () => new Map()).set(ecosystem, attempt);
      }
    }
  }
  return [...runs].map(([at, attempts]) => ({ at, attempts })).sort((a, b) => a.at - b.at);
}

/** The attempts by which a count of failures in a row went from one number to another. */
function attemptsBetween(known: number, failures: number): readonly { failed: boolean; inARow: number }[] {
  const hasRecovered = failures < known;
  const failed = failures - (hasRecovered ? 0 : known);
  return [
    ...(hasRecovered ? [{ failed: false, inARow: 0 }] : []),
    ...Array.from({ length: failed }, (_, nth) => ({ failed: true, inARow: failures - failed + nth + 1 })),
  ];
}
