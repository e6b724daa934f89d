import { expect, test } from "vitest";
import { parseConfiguration } from "../../src/config/parse.ts";
import { budgetPolicy } from "../../src/config/policy.ts";

function policyOf(text: string) {
  const reading = parseConfiguration(text);
  if (reading.kind === "invalid") throw new Error(JSON.stringify(reading.problems));
  return budgetPolicy(reading.configuration);
}

test("without settings the budget is that of the pipeline's design", () => {
  expect(policyOf("")).toMatchObject({
    limits: { macos: 1000, linux: 5000 },
    samplingAt: 80,
    stopAt: 90,
    week: { firstDay: 1, timeZone: "UTC" },
    critical: new Set(),
    nonCritical: new Set(),
    prices: { macos: 0.062, linux: 0.006, windows: 0.01, "self-hosted": 0 },
    naming: { pattern: String.raw`\((?<ecosystem>[^(),]+)` },
  });
});

test("ecosystems are known under the name that counts, and labels in any case", () => {
  const policy = policyOf(`
ecosystems: { cargo: { critical: true }, npm: {} }
budget:
  macos_minutes: 20000
  week_starts: sunday
  timezone: Asia/Kolkata
  non_critical: [cargo, pypi]
  runners: { Big-Box: linux }
outcomes: [{ from: artifact, name: batch-results }]
`);
  expect(policy).toMatchObject({
    limits: { macos: 20_000 },
    week: { firstDay: 7, timeZone: "Asia/Kolkata" },
    configured: ["crates.io", "npm"],
    critical: new Set(["crates.io"]),
    nonCritical: new Set(["crates.io", "pypi"]),
    runnerLabels: new Map([["big-box", "linux"]]),
    naming: null,
  });
});
