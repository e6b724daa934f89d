import { describe, expect, test } from "vitest";
import { CLOSED } from "../../../src/domain/breaker/breaker.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { newControlFile } from "../../../src/domain/control/control-file.ts";
import { type Ecosystem, parseEcosystem, type Scope } from "../../../src/domain/ecosystem.ts";
import { gateReport } from "../../../src/domain/gate/gate-report.ts";
import { coverOf, dependsOnEcosystems, gateVerdict, type Stops } from "../../../src/domain/gate/verdict.ts";
import type { Hold } from "../../../src/domain/holds/hold.ts";
import { HOUR } from "../../../src/domain/instant.ts";
import { POLICY } from "../breaker/example.ts";

const now = Date.UTC(2026, 0, 28, 12);
const aliases = new Map([["cargo", "crates.io"]]);

function named(name: string): Ecosystem {
  const ecosystem = parseEcosystem(name, aliases);
  if (ecosystem === null) throw new Error(`${name} is no name of an ecosystem.`);
  return ecosystem;
}

function hold(scope: string, fields: Partial<Hold> = {}): Hold {
  const on: Scope = scope === "*" ? "*" : named(scope);
  return {
    id: "h-3f2a91",
    scope: on,
    kind: "operator",
    reason: "mirror returns 503",
    by: "olga",
    at: now,
    until: null,
    incidentUrl: "",
    source: "",
    ...fields,
  };
}

const touching = (...names: string[]) => new Map(names.map((name) => [named(name), ["results" as const]]));

function stops(control: Partial<Control>): Stops {
  return { control: { ...newControlFile().control, ...control }, policy: POLICY, aliases, now };
}

const open = (opensAt: number | null) => ({
  ...CLOSED,
  state: "open" as const,
  failures: 5,
  lastFailure: now - HOUR,
  opensAt,
  trips: 1,
});

describe("the gate of a batch", () => {
  test.each<[string, string[], Partial<Control>, "failing" | "passing"]>([
    [
      "is held by a hold on an ecosystem that it touches",
      ["npm", "homebrew"],
      { holds: [hold("homebrew")] },
      "failing",
    ],
    ["is not held by a hold on another", ["npm"], { holds: [hold("homebrew")] }, "passing"],
    ["is held by a hold on everything", ["npm"], { holds: [hold("*")] }, "failing"],
    ["is held by a hold on everything when nobody knows what it touches", [], { holds: [hold("*")] }, "failing"],
    [
      "is not held by a hold on an ecosystem when nobody knows what it touches",
      [],
      { holds: [hold("npm")] },
      "passing",
    ],
    ["is held by a hold of the budget", ["npm"], { holds: [hold("npm", { kind: "budget" })] }, "failing"],
    ["is held by an open breaker", ["npm"], { breakers: new Map([["npm", open(now + HOUR)]]) }, "failing"],
    [
      "is held by an open breaker under another name",
      ["crates.io"],
      { breakers: new Map([["Cargo", open(null)]]) },
      "failing",
    ],
    ["is not held by the breaker of another", ["npm"], { breakers: new Map([["pypi", open(now + HOUR)]]) }, "passing"],
    [
      "is not held by an open breaker that is due: it is the probe",
      ["npm"],
      { breakers: new Map([["npm", open(now)]]) },
      "passing",
    ],
    ["is held by nothing where nothing is stopped", ["npm"], {}, "passing"],
  ])("%s", (_case, ecosystems, control, kind) => {
    expect(gateVerdict(touching(...ecosystems), stops(control)).kind).toBe(kind);
  });

  test("depends on its ecosystems only while some are stopped and not all", () => {
    expect(dependsOnEcosystems(stops({}))).toBe(false);
    expect(dependsOnEcosystems(stops({ holds: [hold("npm")] }))).toBe(true);
    expect(dependsOnEcosystems(stops({ holds: [hold("npm"), hold("*")] }))).toBe(false);
    expect(dependsOnEcosystems(stops({ breakers: new Map([["npm", open(null)]]) }))).toBe(true);
  });

  test("is looked at again when a breaker becomes due, and not when a failure is counted", () => {
    const breakers = new Map([["npm", open(now + HOUR)]]);
    expect(coverOf(stops({ breakers }))).not.toBe(coverOf({ ...stops({ breakers }), now: now + HOUR }));
    const failing = new Map([["npm", { ...CLOSED, failures: 1 }]]);
    expect(coverOf(stops({ breakers: failing }))).toBe(coverOf(stops({})));
  });
});

describe("the report of a gate", () => {
  const report = (touched: Stops, ...names: string[]) => gateReport(gateVerdict(touching(...names), touched), POLICY);

  test("says who holds the batch, why, since when and how to lift it", () => {
    const { title, summary, conclusion } = report(stops({ holds: [hold("homebrew")] }), "homebrew");
    expect(conclusion).toBe("failure");
    expect(title).toBe("Held: homebrew is stopped");
    expect(summary).toContain("by `olga` since 2026-01-28T12:00:00Z: `mirror returns 503`");
    expect(summary).toContain("`/batch resume --hold h-3f2a91`");
    expect(summary).toContain("homebrew (results)");
  });

  test("of an open breaker says since when, and when it passes by itself", () => {
    const { title, summary } = report(stops({ breakers: new Map([["npm", open(now + HOUR)]]) }), "npm");
    expect(title).toBe("Held: circuit breaker of npm open");
    expect(summary).toContain("open since 2026-01-28T11:00:00Z");
    expect(summary).toContain("From 2026-01-28T13:00:00Z on");
  });

  test("says that a batch of unknown ecosystems is held by a stop of everything alone", () => {
    expect(report(stops({ holds: [hold("npm")] })).summary).toContain("only a stop of everything holds it");
    const everything = gateVerdict(null, stops({ holds: [hold("*")] }));
    expect(gateReport(everything, POLICY)).toMatchObject({
      conclusion: "failure",
      title: "Held: everything is stopped",
    });
    expect(gateReport(everything, POLICY).summary).toContain("also one that nobody can tell the ecosystems of");
  });

  test("quotes what people wrote", () => {
    const { summary } = report(
      stops({ holds: [hold("npm", { reason: "@everyone <img src=x> `x`", by: "a`b" })] }),
      "npm",
    );
    expect(summary).toContain("`` @everyone <img src=x> `x` ``");
  });

  test("of a batch that nothing holds is the same whether its ecosystems were asked for or not", () => {
    const asked = report(stops({ holds: [hold("homebrew")] }), "npm");
    expect(asked.digest).toBe(gateReport(gateVerdict(null, stops({})), POLICY).digest);
    expect(asked.digest).not.toBe(report(stops({ holds: [hold("homebrew")] })).digest);
  });

  test("is the same for the same stops, whatever the time, and another for others", () => {
    const one = stops({ holds: [hold("npm")], breakers: new Map([["npm", open(now + HOUR)]]) });
    expect(report(one, "npm").digest).toBe(report({ ...one, now: now + 1000 }, "npm").digest);
    expect(report(one, "npm").digest).not.toBe(report(stops({ holds: [hold("npm", { by: "paul" })] }), "npm").digest);
  });
});
