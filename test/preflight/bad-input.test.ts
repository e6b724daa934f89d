import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempDisposableSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { needsJq, preflight, runStep } from "./shell.ts";

beforeEach(needsJq);

describe("a file that cannot be read", () => {
  test.each([
    ["is not JSON", '{"enabled": true,,}', "at line 1"],
    ["is cut off", '{"enabled": true', "Unfinished"],
    ["is empty", "", "not one JSON value"],
    ["is two values", '{"enabled": true}{"enabled": true}', "not one JSON value"],
    ["is a list", "[]", "it is no object"],
    ["is null", "null", "it is no object"],
    ["says a key twice, of which jq takes the last", '{"enabled": false, "enabled": true}', "key said twice: enabled"],
    [
      "has a breaker twice",
      '{"circuit_breaker": {"npm": {"state": "open"}, "npm": {"state": "closed"}}}',
      "key said twice: circuit_breaker.npm",
    ],
    ["has null for enabled", '{"enabled": null}', "enabled is neither true nor false"],
    ["has a text for enabled", '{"enabled": "false"}', "enabled is neither true nor false"],
    ["has a text for the list", '{"disabled_ecosystems": "npm"}', "disabled_ecosystems is no list of names"],
    ["has a text for a breaker", '{"circuit_breaker": {"npm": "open"}}', "circuit_breaker is no object of breakers"],
    ["has a list of our state", '{"batchkeeper": []}', "batchkeeper is no object"],
    ["has a hold without a scope", '{"batchkeeper": {"holds": [{}]}}', "batchkeeper.holds is no list of holds"],
    [
      "has a lease of a number",
      '{"batchkeeper": {"breakers": {"npm": {"probe": {"lease": 3}}}}}',
      "batchkeeper.breakers",
    ],
    [
      "has a lease without an end",
      '{"circuit_breaker": {"npm": {"state": "half-open"}}, "batchkeeper": {"breakers": {"npm": {"probe": {"lease": "1.1"}}}}}',
      "the lease of a probe has no date",
    ],
    ["is nested too deep", `${"[".repeat(20_000)}${"]".repeat(20_000)}`, "batch-control.json"],
  ])("stops because it %s", (_what, text, reason) => {
    const { status, outputs } = preflight(text, { ECOSYSTEM: "npm" });
    expect(status).toBe(0);
    expect(outputs).toMatchObject({ proceed: "false", skip: "true", state: "open", disabled: "[]" });
    expect(outputs.reason).toMatch(/^cannot tell whether batches may run: /);
    expect(outputs.reason).toContain(reason);
  });

  test("is not one in which the parts of others say a key twice", () => {
    expect(preflight('{"note": {"a": 1, "a": 2}}').outputs).toMatchObject({ proceed: "true" });
  });

  test("stops because it is not there, and says what would do", () => {
    const { status, outputs } = preflight(null);
    expect(status).toBe(0);
    expect(outputs.reason).toContain(
      'there is no batch-control.json on the default branch; {"enabled": true} would do',
    );
  });

  test("stops because it could not be fetched, although an older copy is there", () => {
    const { outputs } = preflight('{"enabled": true}', { FETCHED: "failure" });
    expect(outputs.reason).toContain("the default branch could not be fetched");
  });

  test("stops because it is a folder or a link", () => {
    using checkout = mkdtempDisposableSync(join(tmpdir(), "checkout-"));
    mkdirSync(join(checkout.path, "folder"));
    symlinkSync("/etc/hostname", join(checkout.path, "link"));
    for (const CONTROL_FILE of ["folder", "link"]) {
      expect(runStep("preflight.sh", checkout.path, { CONTROL_FILE }).outputs.reason).toContain(
        "is a folder or a link",
      );
    }
  });

  test("stops because the runner has no jq", () => {
    using bin = mkdtempDisposableSync(join(tmpdir(), "bin-"));
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      for (const tool of ["bash", "tee", "cat", "dirname", "tr"]) {
        if (spawnSync("test", ["-x", join(folder, tool)]).status !== 0) continue;
        spawnSync("ln", ["-sf", join(folder, tool), join(bin.path, tool)]);
      }
    }
    const { status, outputs } = preflight('{"enabled": true}', { PATH: bin.path });
    expect({ status, ...outputs }).toMatchObject({ status: 0, proceed: "false", state: "open" });
    expect(outputs.reason).toContain("jq is not installed");
  });
});

describe("hostile text", () => {
  test.each(["__proto__", "constructor", "toString", "7", "-n", "..."])("%s is a name like others", (name) => {
    const { outputs } = preflight(JSON.stringify({ circuit_breaker: { npm: { state: "open" } } }), { ECOSYSTEM: name });
    expect(outputs).toMatchObject({ proceed: "true", state: "closed" });
    const stopped = preflight(`{"disabled_ecosystems": [${JSON.stringify(name)}]}`, { ECOSYSTEM: name });
    expect(stopped.outputs).toMatchObject({ proceed: "false", disabled: JSON.stringify([name.toLowerCase()]) });
    const tripped = preflight(`{"circuit_breaker": {${JSON.stringify(name)}: {"state": "open"}}}`, { ECOSYSTEM: name });
    expect(tripped.outputs).toMatchObject({ proceed: "false", state: "open" });
  });

  const badInputs: [input: string, value: string][] = [
    ...[
      "npm\nproceed=true",
      "npm\r\nproceed=true",
      "npm,homebrew",
      "npm ",
      "$(touch pwned)",
      "`touch pwned`",
      '"; touch pwned; "',
      "../x",
      "nöm",
      "*",
      "a".repeat(65),
      "::error::x",
      "x ##[error]",
    ].map((value): [string, string] => ["ECOSYSTEM", value]),
    ["CONTROL_FILE", "../batch-control.json"],
    ["CONTROL_FILE", "/etc/passwd"],
    ["CONTROL_FILE", "a/../../b"],
    ["CONTROL_FILE", "x\nproceed=true"],
    ["CONTROL_FILE", "$(touch pwned).json"],
    ["ALIASES", "cargo"],
    ["ALIASES", "a=b=c"],
    ["ALIASES", "x=$(touch>pwned)"],
    ["ALIASES", "*=npm"],
    ["RECOVERY_MINUTES", "1h"],
    ["RECOVERY_MINUTES", "a[$(touch pwned)]"],
    ["FAIL_ON_STOP", "yes"],
  ];

  test.each(badInputs)("in the input %s stops, is one line and runs nothing: %j", (input, value) => {
    using checkout = mkdtempDisposableSync(join(tmpdir(), "checkout-"));
    writeFileSync(join(checkout.path, "batch-control.json"), '{"enabled": true}');
    const { status, outputs, log } = runStep("preflight.sh", checkout.path, { [input]: value });
    expect(status).toBe(0);
    expect(outputs).toMatchObject({ proceed: "false", skip: "true", state: "open" });
    expect(outputs.reason).toContain(`the input ${input.toLowerCase().replaceAll("_", "-")} `);
    expect(log.match(/^::|##\[/gm)).toEqual(["::"]);
    expect(spawnSync("ls", [checkout.path], { encoding: "utf8" }).stdout).toBe("batch-control.json\n");
  });

  test("of the file neither ends a line nor commands the runner nor leaves its code span", () => {
    const hostile = "`x`\r\nproceed=true\n::error::owned\u2028##[error]owned \u202e %0A::error:: 🚀 $(id)";
    const text = JSON.stringify({
      enabled: false,
      reason: hostile,
      disabled_by: hostile,
      disabled_ecosystems: [hostile],
      circuit_breaker: { [hostile]: { state: hostile } },
    });
    const { outputs, log, summary } = preflight(text, { ECOSYSTEM: "npm" });
    expect(outputs).toMatchObject({ proceed: "false", skip: "true", state: "closed" });
    expect(Object.keys(outputs)).toHaveLength(7);
    expect(outputs.reason).toContain(": `x` proceed=true ::error::owned ## [error]owned ? %0A::error:: 🚀 $(id)");
    expect(JSON.parse(outputs.disabled ?? "")).toEqual([hostile.toLowerCase()]);
    expect(log.match(/^::.*|##\[/gm)).toEqual([expect.stringMatching(/^::warning title=Batch stopped::/)]);
    expect(log).toContain("%250A");
    expect(summary.match(/`/g)?.length).toBe(2 + 4);
  });

  test("that is long is cut", () => {
    const { outputs } = preflight(JSON.stringify({ enabled: false, reason: "x".repeat(100_000) }));
    expect(outputs.reason?.length).toBeLessThan(400);
  });
});
