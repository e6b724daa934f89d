import { describe, expect, test } from "vitest";
import { replayRuns } from "../../replay/breakers.ts";
import { type RecordedVersion, readControlHistory, runsBehind } from "../../replay/control-history.ts";
import { type Ecosystem, INFRASTRUCTURE, parseEcosystem } from "../../src/domain/ecosystem.ts";
import { HOUR } from "../../src/domain/instant.ts";

const npm = parseEcosystem("npm", new Map()) ?? INFRASTRUCTURE;
const START = Date.UTC(2026, 1, 21);

function version(hour: number, failures: number, ecosystems: readonly Ecosystem[] = [npm]): RecordedVersion {
  const at = START + hour * HOUR;
  return { at, breakers: new Map(ecosystems.map((name) => [name, { failures, lastFailure: at }])) };
}

describe("the runs behind recorded versions", () => {
  test("are as many failures as the count rose by, spread evenly, the last at its time", () => {
    const runs = runsBehind([version(0, 0), version(3, 3)]);
    expect(runs.map(({ at, attempts }) => [(at - START) / HOUR, attempts.get(npm)])).toEqual([
      [1, { failed: true, inARow: 1 }],
      [2, { failed: true, inARow: 2 }],
      [3, { failed: true, inARow: 3 }],
    ]);
  });

  test("begin with a success where the count fell", () => {
    const runs = runsBehind([version(0, 7), version(2, 1)]);
    expect(runs.map(({ attempts }) => attempts.get(npm)?.failed)).toEqual([false, true]);
  });

  test("are shared by ecosystems that were counted together", () => {
    const both = [npm, parseEcosystem("pypi", new Map()) ?? INFRASTRUCTURE];
    expect(runsBehind([version(0, 0, both), version(3, 3, both)]).map(({ attempts }) => attempts.size)).toEqual([
      2, 2, 2,
    ]);
  });
});

test("an ecosystem that fails for ever is probed seldom, and people are told once", () => {
  const days = 60;
  const { theirs, ours } = replayRuns(runsBehind([version(0, 0), version(days * 24, days * 24)]));
  expect(theirs.get(npm)).toMatchObject({ failedProbes: days * 24 - 5, incidents: 0 });
  expect(ours.get(npm)).toMatchObject({ incidents: 1, unexplained: 0 });
  expect(ours.get(npm)?.failedProbes).toBeLessThan(days + 10);
});

const folder = process.env.BATCHKEEPER_REAL_DATA;

test.skipIf(!folder)(
  "the recorded history meets the targets: far fewer probes, no late recovery, nothing untold",
  () => {
    const { theirs, ours } = replayRuns(runsBehind(readControlHistory(folder ?? "")));
    expect(theirs.size).toBe(6);
    for (const [name, { failedProbes }] of theirs) {
      expect(failedProbes).toBeGreaterThan(900);
      expect((ours.get(name)?.failedProbes ?? failedProbes) / failedProbes).toBeLessThan(0.15);
      expect(ours.get(name)?.longestDelay).toBeLessThanOrEqual(24 * HOUR);
      expect(ours.get(name)?.unexplained).toBe(0);
    }
  },
);
