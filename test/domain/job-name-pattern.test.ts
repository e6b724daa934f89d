import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { readJobNamePattern, soundJobNamePattern } from "../../src/domain/job-name-pattern.ts";
import { processorTime } from "../processor-time.ts";

function why(pattern: string): string {
  const read = readJobNamePattern(pattern);
  return read.kind === "refused" ? read.why : "";
}

describe("a pattern", () => {
  test.each([
    [String.raw`\((?<ecosystem>[^(),]+)`, "generate (homebrew, linux)", "homebrew"],
    ["^(?<ecosystem>[a-z]+):", "npm: build", "npm"],
    ["(?P<ecosystem>[a-z]+)$", "build npm", "npm"],
    [String.raw`\/(?<ecosystem>[\w.-]+)\/`, "a/crates.io/b", "crates.io"],
    [String.raw`\u{28}(?<ecosystem>\p{L}+)\u0029`, "(npm)", "npm"],
    ["(?i)(?<ecosystem>NPM|pypi)", "build npm", "npm"],
    ["^(?:build (?<ecosystem>[a-z]+)|lint)$", "lint", null],
    ["^(?<ecosystem>[a-z]+):", "build", null],
  ])("%s finds in %j %j", (pattern, name, ecosystem) => {
    expect(soundJobNamePattern(pattern).find(name)).toBe(ecosystem);
  });

  test.each([
    ["(.*)", "no group named ecosystem"],
    [String.raw`\(?<ecosystem>x\)`, "no group named ecosystem"],
    ["(?<other>x)", "no group named ecosystem"],
    ["(?<ecosystem>(", "missing closing )"],
    ["(?<ecosystem>a)(?=b)", "`(?=`. Lookaround and back references are not possible"],
    ["(?<!x)(?<ecosystem>a)", "Lookaround"],
    [String.raw`(?<ecosystem>a)\1`, "back references"],
    ["(?<ecosystem>a{1001})", "invalid repeat count"],
    ["(?<ecosystem>(?:.?){300})", "counted repetitions make it too large"],
  ])("%s is refused: %s", (pattern, reason) => {
    expect(why(pattern)).toContain(reason);
  });

  test.prop([fc.string({ maxLength: 200, unit: "binary" })])("of any text is read or refused with a reason", (text) => {
    const read = readJobNamePattern(`(?<ecosystem>${text}`);
    if (read.kind === "refused") expect(read.why).not.toBe("");
    else expect(() => read.pattern.find(text)).not.toThrow();
  });
});

/** What keeps an engine that backtracks busy for longer than the sun will shine. */
const HOSTILE = [
  "^(?<ecosystem>(a+)+)$",
  "^(?<ecosystem>(a|a)*)b$",
  "^(?<ecosystem>(?:a*)*)b$",
  `^(?<ecosystem>${"a*".repeat(80)})b$`,
  `(?<ecosystem>${"(a?)".repeat(30)})$`,
  "^(?<ecosystem>(?:(?:(?:a?)*)*)*){9}$",
  "(?<ecosystem>(?:.?){100})$",
];

test.each(HOSTILE)("%s takes less than 10 ms for each of the longest names", (pattern) => {
  const named = soundJobNamePattern(pattern);
  const names = Array.from({ length: 20 }, (_, index) => `${"a".repeat(198)}${index}!`);
  expect(processorTime(() => names.forEach((name) => void named.find(name)))).toBeLessThan(200);
});

test("a pattern of 200 characters is read or refused in under 100 ms", () => {
  const largest = [
    "(?<ecosystem>a{999})",
    `(?<ecosystem>${"(?:".repeat(45)}a${"?)".repeat(45)})`,
    "(?<ecosystem>(?:a{0,30}){0,30})",
  ];
  for (const pattern of largest) expect(processorTime(() => void readJobNamePattern(pattern))).toBeLessThan(100);
});
