import { describe, expect, test } from "vitest";
import { breakerPolicy } from "../../../src/config/policy.ts";
import { DEFAULT_CONFIGURATION } from "../../../src/config/schema.ts";
import { CLOSED } from "../../../src/domain/breaker/breaker.ts";
import { type Ecosystem, INFRASTRUCTURE } from "../../../src/domain/ecosystem.ts";
import { CLASSIFICATION, classify, type Rule } from "../../../src/domain/incidents/classification.ts";
import {
  classifyBreaker,
  impactOf,
  NO_IMPACT,
  type RunImpact,
} from "../../../src/domain/incidents/classify-breaker.ts";
import type { Severity } from "../../../src/domain/incidents/incident.ts";
import type { RunResults } from "../../../src/domain/results/run-results.ts";

const ROWS: readonly (readonly [Rule, Severity, string])[] = [
  ["suspected-compromise", "critical", "section 5"],
  ["checksum-drift", "critical", "section 5"],
  ["unexpected-source", "critical", "section 5"],
  ["stop-not-honoured", "critical", "section 2"],
  ["most-recipes-fail", "high", "section 1"],
  ["several-ecosystems", "high", "section 1"],
  ["unusual-recipe", "high", "section 5"],
  ["pipeline-changed", "high", "section 5"],
  ["unusual-validation", "high", "section 5"],
  ["control-file-unreadable", "high", "section 2"],
  ["no-recovery", "high", "section 1"],
  ["long-stop", "high", "section 2"],
  ["long-standstill", "high", "section 2"],
  ["asks-for-a-look", "medium", "section 5"],
  ["one-ecosystem", "medium", "section 1"],
  ["standstill", "medium", "section 1"],
  ["budget-stop", "medium", "section 4"],
  ["transient", "low", "section 1"],
  ["budget-sampling", "low", "section 4"],
  ["budget-unreadable", "low", "section 4"],
  ["budget-frequency", "low", "section 4"],
  ["objective-missed", "low", "section 1"],
  ["results-unreadable", "low", "section 1"],
  ["configuration-unreadable", "low", "section 2"],
];

describe("the classification", () => {
  test.each(ROWS)("%s is %s (runbook %s)", (rule, severity, section) => {
    expect(CLASSIFICATION[rule].severity).toBe(severity);
    expect(CLASSIFICATION[rule].runbook).toContain(section);
  });

  test("has no row that is not in this table", () => {
    expect(ROWS.map(([rule]) => rule).toSorted()).toEqual(Object.keys(CLASSIFICATION).toSorted());
  });

  test("of several rows takes the gravest, of equally grave ones the first", () => {
    expect(classify(["one-ecosystem", "checksum-drift", "no-recovery"]).rule).toBe("checksum-drift");
    expect(classify(["no-recovery", "most-recipes-fail"]).rule).toBe("no-recovery");
  });
});

describe("an open breaker", () => {
  const policy = breakerPolicy(DEFAULT_CONFIGURATION);
  const npm = "npm" as Ecosystem;
  const validations = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ category: "validation" as const, package: `package-${index}` }));
  const severity = (impact: Partial<RunImpact>, trips = 1, ecosystem = npm) =>
    classifyBreaker(ecosystem, { ...CLOSED, state: "open", trips }, { ...NO_IMPACT, ...impact }, policy).severity;

  test.each<[string, Severity, Partial<RunImpact>]>([
    ["of a single ecosystem", "medium", {}],
    ["whose ecosystem is all of its batch", "medium", { tried: 25, failed: 24, failing: 1 }],
    ["when over half of the recipes fail in several ecosystems", "high", { tried: 50, failed: 26, failing: 2 }],
    ["when half of the recipes fail in several ecosystems", "medium", { tried: 50, failed: 25, failing: 2 }],
    ["when many recipes fail validation, and hardly for another reason", "high", { failures: validations(5) }],
    ["when a few recipes fail validation", "medium", { failures: validations(4) }],
    [
      "when one recipe fails validation again and again",
      "medium",
      { failures: Array.from({ length: 9 }, () => ({ category: "validation" as const, package: "jq" })) },
    ],
    [
      "when as many recipes fail for other reasons",
      "medium",
      { failures: [...validations(5), ...validations(5).map((one) => ({ ...one, category: "timeout" as const }))] },
    ],
  ])("%s is %s", (_, expected, impact) => {
    expect(severity(impact)).toBe(expected);
  });

  test("that does not recover is high, and so is that of the infrastructure", () => {
    expect([severity({}, 2), severity({}, 3), severity({}, 1, INFRASTRUCTURE)]).toEqual(["medium", "high", "high"]);
  });

  test("is judged by all that its run tried", () => {
    const results: RunResults = {
      ecosystems: new Map([
        [npm, { startedAt: 0, ok: 1, failed: 9, failures: [] }],
        ["pypi" as Ecosystem, { startedAt: 0, ok: 2, failed: 8, failures: [] }],
        ["cask" as Ecosystem, { startedAt: 0, ok: 9, failed: 1, failures: [] }],
      ]),
      lost: 0,
      illFormed: [],
    };
    expect(impactOf(results, [], policy)).toEqual({ tried: 30, failed: 18, failing: 2, failures: [] });
  });
});
