import { spawnSync } from "node:child_process";
import { beforeEach, describe, expect, test } from "vitest";
import { MINUTE, printInstant } from "../../src/domain/instant.ts";
import { needsJq, preflight } from "./shell.ts";

beforeEach(needsJq);

const inMinutes = (minutes: number) => printInstant(Date.now() + minutes * MINUTE);

/** The outputs for npm. */
const ofNpm = (file: unknown) => preflight(JSON.stringify(file), { ECOSYSTEM: "npm" }).outputs;

const withLease = (run: string, until: string) => ({
  circuit_breaker: { npm: { state: "half-open", failures: 5 } },
  batchkeeper: { breakers: { npm: { probe: { successes: 0, lease: `${run} until ${until}` } } } },
});

describe("the breaker of an ecosystem", () => {
  const cases: [what: string, entry: unknown, state: string, reason: string][] = [
    ["is not there", undefined, "closed", ""],
    ["is null", null, "closed", ""],
    ["has null for a state and a count, which is closed", { state: null, failures: null }, "closed", ""],
    ["is closed", { state: "closed", failures: 4 }, "closed", ""],
    ["is open and due long ago", { state: "open", failures: 5, opens_at: "2026-01-28T03:15:00Z" }, "half-open", ""],
    ["is due by a date with a fraction", { state: "open", opens_at: "2026-01-28T03:15:00.123Z" }, "half-open", ""],
    ["is due by a date with +00:00", { state: "open", opens_at: "2026-01-28T03:15:00+00:00" }, "half-open", ""],
    ["is half-open as upstream's script writes it", { state: "half-open", failures: 5 }, "half-open", ""],
    ["is open with an empty date", { state: "open", opens_at: "" }, "open", "until a person resets it"],
    ["is open without a date", { state: "open", failures: 5 }, "open", "until a person resets it"],
    [
      "is open until 30 February",
      { state: "open", opens_at: "2026-02-30T03:15:00Z" },
      "open",
      "until a person resets it",
    ],
    ["is open until no date", { state: "open", opens_at: "soon" }, "open", "until a person resets it"],
    ["has an unknown state", { state: "HALF_OPEN" }, "open", "unreadable"],
    ["has false for a state", { state: false }, "open", "unreadable"],
    ["has a count that is none", { state: "closed", failures: -1 }, "open", "unreadable"],
  ];

  test.each(cases)("%s", (_what, entry, state, reason) => {
    const outputs = ofNpm({ circuit_breaker: { npm: entry, other: { state: "open" } } });
    const proceed = reason === "";
    expect(outputs).toMatchObject({ proceed: `${proceed}`, skip: `${!proceed}`, state });
    expect(outputs.reason === "").toBe(proceed);
    expect(outputs.reason).toContain(reason);
  });

  test("that is open is not due a minute too early", () => {
    const opensAt = inMinutes(1);
    expect(ofNpm({ circuit_breaker: { npm: { state: "open", opens_at: opensAt } } })).toMatchObject({
      proceed: "false",
      state: "open",
      reason: `the circuit breaker of npm is open until ${opensAt}`,
    });
  });

  test("lets one run at a time probe it", () => {
    const until = inMinutes(60);
    expect(ofNpm(withLease("17351.1", until))).toMatchObject({
      skip: "true",
      state: "half-open",
      reason: `the circuit breaker of npm is probed by another run until ${until}`,
    });
  });

  test.each([
    ["true", "17352.1"],
    ["false", "17351.1"],
  ])("reads a lease that an earlier version spread over an object: proceed is %s", (proceed, run) => {
    const probe = { successes: 0, lease: { run, until: inMinutes(60) } };
    const batchkeeper = { breakers: { npm: { probe } } };
    expect(ofNpm({ ...withLease("", ""), batchkeeper })).toMatchObject({ proceed, state: "half-open" });
  });

  test("lets the run proceed that holds the lease: it is the probe", () => {
    expect(ofNpm(withLease("17352.1", inMinutes(60)))).toMatchObject({ proceed: "true", state: "half-open" });
  });

  test.each([
    ["10", "true", "half-open"],
    ["60", "false", "open"],
  ])("is open for %s minutes after a probe without a result", (minutes, proceed, state) => {
    const text = JSON.stringify(withLease("17351.1", inMinutes(-30)));
    const { outputs } = preflight(text, { ECOSYSTEM: "npm", RECOVERY_MINUTES: minutes });
    expect(outputs).toMatchObject({ proceed, state });
  });
});

describe("a stop", () => {
  const words = {
    reason: "mirror returns 503",
    disabled_by: "olga",
    disabled_at: "2026-01-28T03:15:00Z",
  };

  test("of everything stops, where jq's `.enabled // true` says true", () => {
    const text = JSON.stringify({ enabled: false, ...words });
    expect(spawnSync("jq", [".enabled // true"], { input: text, encoding: "utf8" }).stdout).toBe("true\n");
    const { outputs, status, log, summary } = preflight(text);
    expect(status).toBe(0);
    const reason = "everything is stopped by olga since 2026-01-28T03:15:00Z: mirror returns 503";
    expect(outputs).toEqual({
      proceed: "false",
      skip: "true",
      state: "closed",
      reason,
      disabled: "[]",
      sampling: "false",
      "batch-size-percent": "100",
    });
    expect(log).toContain(`::warning title=Batch stopped::${reason}\n`);
    expect(summary).toContain(`**Stopped.** \`${reason}\``);
  });

  test("of an ecosystem stops that ecosystem only", () => {
    const text = JSON.stringify({ enabled: true, disabled_ecosystems: ["npm"], ...words });
    expect(preflight(text, { ECOSYSTEM: "npm" }).outputs).toMatchObject({ proceed: "false", disabled: '["npm"]' });
    expect(preflight(text, { ECOSYSTEM: "npm-extra" }).outputs).toMatchObject({ proceed: "true", disabled: '["npm"]' });
    expect(preflight(text).outputs).toMatchObject({ proceed: "true", disabled: '["npm"]' });
    expect(preflight('{"disabled_ecosystems": [""]}').outputs).toMatchObject({ proceed: "true" });
  });

  test.each(["cargo", "crates.io", "Cargo", "CRATES.IO"])("counts under every name: asked for %s", (name) => {
    for (const listed of ["cargo", "crates.io", "Crates.io"]) {
      const { outputs } = preflight(JSON.stringify({ disabled_ecosystems: [listed] }), { ECOSYSTEM: name });
      expect(outputs).toMatchObject({ proceed: "false", disabled: '["cargo","crates.io"]' });
    }
    const { outputs } = preflight(JSON.stringify({ circuit_breaker: { cargo: { state: "open" } } }), {
      ECOSYSTEM: name,
    });
    expect(outputs).toMatchObject({ proceed: "false", state: "open" });
  });

  test("counts under the aliases that the workflow gives, and under no others", () => {
    const text = JSON.stringify({ disabled_ecosystems: ["rubygems"] });
    const ALIASES = "gem=rubygems\ncargo=crates.io";
    expect(preflight(text, { ECOSYSTEM: "gem", ALIASES }).outputs).toMatchObject({ skip: "true" });
    expect(preflight(text, { ECOSYSTEM: "gem", ALIASES: "" }).outputs).toMatchObject({ skip: "false" });
  });

  test("is explained by its recorded hold before the words of another", () => {
    const holds = [
      { scope: "npm", kind: "operator", by: "sam", at: "2026-01-01T00:00:00Z", reason: "registry outage" },
      { scope: "npm", kind: "security", by: "eve", at: "2026-01-02T00:00:00Z", reason: "checksum drift" },
    ];
    expect(ofNpm({ enabled: false, disabled_ecosystems: ["npm"], ...words, batchkeeper: { holds } }).reason).toBe(
      "everything is stopped by olga since 2026-01-28T03:15:00Z: mirror returns 503; " +
        "npm is stopped by eve since 2026-01-02T00:00:00Z: checksum drift",
    );
  });

  test("that a switch no longer says is over, and one whose switch is gone is not", () => {
    const batchkeeper = { holds: [{ scope: "npm" }, { scope: "*" }] };
    expect(ofNpm({ enabled: true, disabled_ecosystems: [], batchkeeper })).toMatchObject({ proceed: "true" });
    expect(ofNpm({ enabled: true, batchkeeper })).toMatchObject({ reason: "npm is stopped" });
    expect(ofNpm({ disabled_ecosystems: null, batchkeeper })).toMatchObject({ reason: "everything is stopped" });
  });

  test("fails the step only where that is asked for", () => {
    const { status, outputs, log } = preflight('{"enabled": false}', { FAIL_ON_STOP: "true" });
    expect(status).toBe(1);
    expect(outputs).toMatchObject({ proceed: "false" });
    expect(log).toContain("::error title=Batch stopped::everything is stopped\n");
    expect(preflight('{"enabled": true}', { FAIL_ON_STOP: "true" }).status).toBe(0);
  });
});

describe("sampling", () => {
  test.each([
    [true, "true", "50"],
    [false, "false", "100"],
    ["true", "false", "100"],
    [undefined, "false", "100"],
  ])("is what budget.sampling_active says: %s", (active, sampling, percent) => {
    const { outputs, summary } = preflight(JSON.stringify({ budget: { sampling_active: active } }));
    expect(outputs).toMatchObject({ proceed: "true", sampling, "batch-size-percent": percent });
    expect(summary.includes("50 %")).toBe(percent === "50");
  });

  test("is not asked for by a budget that is no object", () => {
    expect(preflight('{"budget": 3}').outputs).toMatchObject({ proceed: "true", sampling: "false" });
  });
});
