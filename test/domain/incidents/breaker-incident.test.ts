import { describe, expect, test } from "vitest";
import { breakerPolicy } from "../../../src/config/policy.ts";
import { DEFAULT_CONFIGURATION } from "../../../src/config/schema.ts";
import { type Breaker, CLOSED } from "../../../src/domain/breaker/breaker.ts";
import { type Ecosystem, INFRASTRUCTURE, parseEcosystem } from "../../../src/domain/ecosystem.ts";
import { type BreakerFacts, breakerIncident } from "../../../src/domain/incidents/breaker-incident.ts";
import { breakerWorse } from "../../../src/domain/incidents/breaker-news.ts";
import { classifyBreaker, NO_IMPACT } from "../../../src/domain/incidents/classify-breaker.ts";
import { causeKey, causeLabels } from "../../../src/domain/incidents/incident.ts";
import { addRun, NO_CAUSES } from "../../../src/domain/results/causes.ts";

const policy = breakerPolicy(DEFAULT_CONFIGURATION);
const homebrew = ecosystem("homebrew");
const LAST_RUN = Date.UTC(2026, 0, 28, 3, 15);
const opened: Breaker = {
  ...CLOSED,
  state: "open",
  failures: 5,
  opensAt: Date.UTC(2026, 0, 28, 4, 15),
  trips: 1,
  window: [{ run: "17352.1", startedAt: LAST_RUN, at: LAST_RUN, ok: 1, failed: 24 }],
};

function ecosystem(name: string): Ecosystem {
  const parsed = parseEcosystem(name, new Map());
  if (parsed === null) throw new Error(`${name} is no ecosystem`);
  return parsed;
}

function facts(changes: Partial<BreakerFacts> = {}): BreakerFacts {
  return {
    ecosystem: homebrew,
    breaker: opened,
    policy,
    breakers: new Map([["homebrew", opened]]),
    repositoryUrl: "https://github.com/acme/recipes",
    runs: [],
    workflowChanges: [],
    causes: NO_CAUSES,
    spared: [],
    impact: NO_IMPACT,
    ...changes,
  };
}

describe("the incident of an open breaker", () => {
  test("says what happened, with the failing runs, and what to type", () => {
    const { title, body } = breakerIncident(facts());
    expect(title).toBe("homebrew: the circuit breaker is open");
    expect(body).toContain("5 failing runs in a row (96 % of what the last 1 runs tried)");
    expect(body).toContain("tried again at 2026-01-28T04:15:00Z");
    expect(body).toContain(
      "[17352.1](https://github.com/acme/recipes/actions/runs/17352/attempts/1) (24 of 25 failed)",
    );
    expect(body).toContain("`/batch stop homebrew — reason`");
  });

  test("looks for a common cause first when other breakers are open too", () => {
    const { body } = breakerIncident(
      facts({
        breakers: new Map([
          ["homebrew", opened],
          ["npm", opened],
        ]),
      }),
    );
    expect(body).toContain("`npm` is open too: look at what they share first");
  });

  test("tells what could not be looked up from what was looked up and is empty", () => {
    expect(breakerIncident(facts()).body).toContain("last day:** none");
    expect(breakerIncident(facts({ workflowChanges: null })).body).toContain(
      "last day:** could not be read from GitHub",
    );
  });

  test("shows the words of outsiders without obeying them", () => {
    const change = {
      url: "https://x",
      sha: "a1b2c3d4e5",
      subject: "@everyone fixes #1 <!-- x -->",
      author: "mallory`",
    };
    const { body } = breakerIncident(facts({ workflowChanges: [change] }));
    expect(body).toContain("`@everyone fixes #1 <!-- x -->` by `` mallory` ``");
  });

  test.each([
    [1, "medium"],
    [2, "medium"],
    [3, "high"],
    [9, "high"],
  ])("that opened %i times without recovering is %s", (trips, severity) => {
    expect(classifyBreaker(homebrew, { ...opened, trips }, NO_IMPACT, policy).severity).toBe(severity);
  });

  test("says once that it is raised", () => {
    const raised = [2, 3, 4].map((trips) =>
      breakerWorse(homebrew, { ...opened, trips }, policy, NO_CAUSES).includes("raised to **high**"),
    );
    expect(raised).toEqual([false, true, false]);
  });

  test("names a change of the workflows in the last day as the likely cause, with its commit", () => {
    const change = { url: "https://x/commit/a1b2c3d4e5", sha: "a1b2c3d4e5f6", subject: "Update CI", author: "olga" };
    const { body } = breakerIncident(facts({ workflowChanges: [change] }));
    expect(body).toContain("**Likely a deployment:**");
    expect(body).toContain("last by [a1b2c3d4e](https://x/commit/a1b2c3d4e5) of `olga`");
    expect(breakerIncident(facts()).body).not.toContain("deployment:**");
  });

  test("of the infrastructure is high at once, and says which ecosystems are not charged", () => {
    const spared = ["homebrew", "npm", "pypi"].map(ecosystem);
    const { severity, body } = breakerIncident(facts({ ecosystem: INFRASTRUCTURE, spared }));
    expect(severity).toBe("high");
    expect(body).toContain("homebrew, npm, and pypi failed in the same run, and none of them is charged with it");
    expect(body).toContain("`/batch stop — reason`");
    expect(body).not.toContain("/batch stop infrastructure");
  });

  test("names the package by which every probe fails, and what to do about it", () => {
    const poisoned = Array.from({ length: 948 }, (_, run) => `${run}.1`).reduce(
      (causes, run) => addRun(causes, run, [{ category: "installation", package: "go-task" }]),
      NO_CAUSES,
    );
    for (const text of [
      breakerIncident(facts({ causes: poisoned })).body,
      breakerWorse(homebrew, opened, policy, poisoned),
    ]) {
      expect(text).toContain("**Poisoned probe: `homebrew:go-task`, 948 in a row.**");
      expect(text).toContain("take it out of the queue");
    }
  });

  test("is found by its cause, whatever its severity", () => {
    const { cause } = breakerIncident(facts());
    expect(causeKey(cause)).toBe("breaker:homebrew");
    expect(causeLabels(cause)).toEqual(["batchkeeper", "incident", "ecosystem:homebrew"]);
  });
});
