import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { documentResults, readResultsDocument } from "../../../src/domain/results/results-document.ts";
import { NOON } from "../breaker/example.ts";

const ALIASES = new Map([["cargo", "crates.io"]]);

function resultsOf(content: unknown) {
  const reading = readResultsDocument(typeof content === "string" ? content : JSON.stringify(content));
  if (reading.kind === "malformed") throw new Error(reading.problem);
  return documentResults(reading.document, NOON, ALIASES);
}

const entry = (succeeded: number, failed: number, failures?: unknown) => ({ total: 99, succeeded, failed, failures });

test("what the pipeline writes is read, with the keys that we do not know", () => {
  const content = {
    batch_id: "2026-02-21",
    total: 12,
    blocked: 2,
    per_ecosystem: { homebrew: entry(9, 1), npm: entry(0, 2) },
  };
  expect(Object.fromEntries(resultsOf(content).ecosystems)).toEqual({
    homebrew: { startedAt: NOON, ok: 9, failed: 1, failures: [] },
    npm: { startedAt: NOON, ok: 0, failed: 2, failures: [] },
  });
});

describe("names", () => {
  test("one ecosystem under several names is one; placeholders are none", () => {
    const per_ecosystem = {
      cargo: entry(1, 2),
      "Crates.io": entry(3, 4),
      default: entry(9, 9),
      all: entry(9, 9),
      infrastructure: entry(9, 9),
    };
    const { ecosystems, illFormed } = resultsOf({ per_ecosystem });
    expect([...ecosystems]).toMatchObject([["crates.io", { ok: 4, failed: 6 }]]);
    expect(illFormed).toEqual([]);
  });

  test("a name that none can have is refused, and the others count", () => {
    const text =
      '{"per_ecosystem": {"__proto__": {"succeeded": 1, "failed": 0}, "../x": {"succeeded": 1, "failed": 0}, "npm": {"succeeded": 2, "failed": 0}}}';
    const { ecosystems, illFormed } = resultsOf(text);
    expect([...ecosystems.keys()]).toEqual(["npm"]);
    expect(illFormed).toEqual(["__proto__", "../x"]);
  });
});

describe("failures", () => {
  test.each<[string, unknown, unknown]>([
    [
      "of the ecosystem",
      [{ package_id: "homebrew:go-task", category: "validation_failed" }],
      { category: "validation", package: "go-task" },
    ],
    [
      "by recipe",
      [{ recipe: "go-task", category: "Missing-Dep", blocked_by: ["go"] }],
      { category: "missing dependency", package: "go-task" },
    ],
    ["without a package", [{ category: "network_error" }], { category: "network", package: null }],
    [
      "of a kind that is not known",
      [{ package: "go-task", category: "solar_flare" }],
      { category: "other", package: "go-task" },
    ],
    ["without a kind", [{ package: "a/b" }], { category: "other", package: "a/b" }],
  ])("%s", (_case, failures, expected) => {
    const { ecosystems } = resultsOf({ per_ecosystem: { homebrew: entry(0, 1, failures) } });
    expect([...ecosystems.values()][0]?.failures).toEqual([expected]);
  });

  test("beside the ecosystems find their own", () => {
    const failures = [
      { package_id: "homebrew:go-task", category: "timeout" },
      { package_id: "x", ecosystem: "cargo", category: "timeout" },
      { package_id: "nobody", category: "timeout" },
    ];
    const { ecosystems } = resultsOf({ per_ecosystem: { homebrew: entry(0, 1), cargo: entry(0, 1) }, failures });
    expect([...ecosystems.values()].map(({ failures: own }) => own.map((failure) => failure.package))).toEqual([
      ["go-task"],
      ["x"],
    ]);
  });

  test("of one package on several platforms are one", () => {
    const failures = ["linux", "darwin"].map((platform) => ({
      recipe: "go-task",
      platform,
      category: "validation_failed",
    }));
    expect(
      [...resultsOf({ per_ecosystem: { npm: entry(0, 1, failures) } }).ecosystems.values()][0]?.failures,
    ).toHaveLength(1);
  });

  test.each(["nonsense", [null, 7, { package: 7 }, "x"], { a: 1 }])(
    "that make no sense (%j) do not make the counts unreadable",
    (failures) => {
      const { ecosystems } = resultsOf({ per_ecosystem: { npm: entry(1, 2, failures) }, failures });
      expect([...ecosystems.values()]).toMatchObject([{ ok: 1, failed: 2, failures: [] }]);
    },
  );

  test("have names of one line that are not endless", () => {
    const failures = [{ package: `a\n${"b".repeat(1e5)}` }];
    const [failure] =
      [...resultsOf({ per_ecosystem: { npm: entry(0, 1, failures) } }).ecosystems.values()][0]?.failures ?? [];
    expect(failure?.package).toHaveLength(120);
    expect(failure?.package).not.toContain("\n");
  });
});

test.each([
  ["", "it is not JSON"],
  ["{", "it is not JSON"],
  ["[]", "Invalid input"],
  ["{}", "per_ecosystem: Invalid input"],
  ['{"per_ecosystem": []}', "per_ecosystem: Invalid input"],
  ['{"per_ecosystem": {"npm": {"succeeded": 1}}}', "per_ecosystem.npm.failed: Invalid input"],
  ['{"per_ecosystem": {"npm": {"succeeded": -1, "failed": 0}}}', "per_ecosystem.npm.succeeded"],
  ['{"per_ecosystem": {"npm": {"succeeded": 0.5, "failed": 0}}}', "per_ecosystem.npm.succeeded"],
  ['{"per_ecosystem": {"npm": {"succeeded": 1e99, "failed": 0}}}', "per_ecosystem.npm.succeeded"],
])("%s is malformed, and the place is named", (text, problem) => {
  expect(readResultsDocument(text)).toEqual({ kind: "malformed", problem: expect.stringContaining(problem) });
});

test("a thousand ecosystems are an attack", () => {
  const per_ecosystem = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`e${index}`, entry(1, 0)]));
  expect(readResultsDocument(JSON.stringify({ per_ecosystem }))).toMatchObject({ kind: "malformed" });
});

test.prop([fc.oneof(fc.string(), fc.json())])("no text throws", (text) => {
  const reading = readResultsDocument(text);
  if (reading.kind === "read") documentResults(reading.document, NOON, ALIASES);
});
