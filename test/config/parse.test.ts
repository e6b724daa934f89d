import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { parseConfiguration } from "../../src/config/parse.ts";
import { DEFAULT_CONFIGURATION } from "../../src/config/schema.ts";
import { HOUR, MINUTE } from "../../src/domain/instant.ts";

describe("a configuration", () => {
  test.each([[""], ["# nothing yet\n"], ["{}"]])("that says nothing is the defaults: %j", (text) => {
    expect(parseConfiguration(text)).toEqual({ kind: "valid", configuration: DEFAULT_CONFIGURATION });
  });

  test("changes only what it names", () => {
    const reading = parseConfiguration("breaker:\n  recovery: 90m\n  consecutive: 3\n");
    expect(reading).toEqual({
      kind: "valid",
      configuration: {
        ...DEFAULT_CONFIGURATION,
        breaker: { ...DEFAULT_CONFIGURATION.breaker, recovery: 90 * MINUTE, consecutive: 3 },
      },
    });
  });

  test("has the defaults that the documentation names", () => {
    expect(DEFAULT_CONFIGURATION).toMatchObject({
      control_file: "batch-control.json",
      workflows: ["batch-generate.yml", "batch-operations.yml"],
      breaker: { consecutive: 5, window: 10, min_calls: 4, failure_rate: 0.5, recovery: HOUR, max_recovery: 24 * HOUR },
      pull_requests: { stop: "merge", resume: "merge", rollback: "review" },
    });
  });

  test.each([
    ["an unknown key", "breakr: {}\n", 1, 1, "unknown key breakr"],
    ["an unknown key inside", "breaker:\n  consecutve: 5\n", 2, 3, "unknown key breaker.consecutve"],
    ["a wrong type", "breaker:\n  consecutive: many\n", 2, 16, "breaker.consecutive"],
    ["a length of time without a unit", "breaker:\n  recovery: 60\n", 2, 13, "breaker.recovery"],
    ["a share over one", "breaker:\n  failure_rate: 50\n", 2, 17, "breaker.failure_rate"],
    ["a path out of the repository", "control_file: ../../etc/passwd\n", 1, 15, "control_file"],
    ["an absolute path", "control_file: /etc/passwd\n", 1, 15, "control_file"],
    [
      "a pattern that does not compile",
      'outcomes: [{ from: jobs, pattern: "(?<ecosystem>(" }]\n',
      1,
      35,
      "outcomes.0.pattern",
    ],
    [
      "a pattern that the engine cannot do",
      'outcomes: [{ from: jobs, pattern: "(?<ecosystem>a)(?=b)" }]\n',
      1,
      35,
      "Lookaround and back references are not possible",
    ],
    ["a pattern without the group", 'outcomes: [{ from: jobs, pattern: "(.*)" }]\n', 1, 35, "ecosystem"],
    ["a time zone that does not exist", "budget:\n  timezone: Mars/Olympus\n", 2, 13, "IANA"],
    ["holds before sampling", "budget:\n  stop_at: 70\n", 2, 12, "at least sampling_at"],
    ["YAML that does not parse", "breaker: [\n", 2, 1, ""],
    ["a key said twice", "recipes: a/\nrecipes: b/\n", 2, 1, "unique"],
    ["an anchor", "recipes: &r a/\n", 1, 13, "anchors"],
    ["an alias", "recipes: &r a/\ncontrol_file: *r\n", 1, 13, "anchors"],
    ["a merge key", "breaker:\n  <<: {}\n", 2, 3, "merge keys"],
    ["a tag", "recipes: !!js/function a/\n", 1, 24, ""],
    ["a list where settings stand", "- a\n- b\n", 1, 1, ""],
  ])("with %s is refused with line and column", (_what, text, line, column, words) => {
    const reading = parseConfiguration(text);
    expect(reading).toMatchObject({ kind: "invalid" });
    const [problem] = reading.kind === "invalid" ? reading.problems : [];
    expect(problem?.message).toContain(words);
    expect({ line: problem?.line, column: problem?.column }).toEqual({ line, column });
  });

  test("that expands without bound is refused at once", () => {
    const levels = Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}, *a${n}]`);
    const started = process.cpuUsage();
    expect(parseConfiguration(["a0: &a0 [x, x]", ...levels].join("\n")).kind).toBe("invalid");
    expect(process.cpuUsage(started).user).toBeLessThan(500_000);
  });

  test.prop([fc.string({ unit: "binary", maxLength: 300 })])("of any text is read or refused, never thrown", (text) => {
    expect(["valid", "invalid"]).toContain(parseConfiguration(text).kind);
  });
});
