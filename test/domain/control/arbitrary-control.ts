import { fc } from "@fast-check/vitest";
import type { Breaker, Checkpoint, Outcome, Standing } from "../../../src/domain/breaker/breaker.ts";
import type { Control } from "../../../src/domain/control/control.ts";
import { parseEcosystem, type Scope } from "../../../src/domain/ecosystem.ts";
import { HOLD_KINDS, type Hold } from "../../../src/domain/holds/hold.ts";
import { SECOND } from "../../../src/domain/instant.ts";
import { arbitraryBudget } from "./arbitrary-budget.ts";

/** Whole seconds from 1970 to 2096: what the file can say. */
export const arbitraryInstant = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * SECOND);

export const arbitraryRun = fc
  .tuple(fc.integer({ min: 1, max: 30_000_000_000 }), fc.integer({ min: 1, max: 12 }))
  .map(([id, attempt]) => `${id}.${attempt}`);

const arbitraryScope = fc
  .oneof(
    fc.constantFrom("*", "homebrew", "npm", "crates.io", "constructor"),
    fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,9}$/),
  )
  .map((name): Scope => (name === "*" ? name : (parseEcosystem(name, new Map()) ?? "*")));

export const arbitraryHold: fc.Arbitrary<Hold> = fc.record({
  id: fc.stringMatching(/^h-[0-9a-f]{6}$/),
  scope: arbitraryScope,
  kind: fc.constantFrom(...HOLD_KINDS),
  reason: fc.string({ unit: "binary" }),
  by: fc.string(),
  at: arbitraryInstant,
  until: fc.option(arbitraryInstant),
  incidentUrl: fc.oneof(fc.constant(""), fc.webUrl()),
  source: fc.oneof(fc.constant(""), fc.webUrl()),
});

const arbitraryCount = fc.nat();

const parts = { ok: arbitraryCount, failed: arbitraryCount };

const arbitraryOutcome: fc.Arbitrary<Outcome> = fc
  .record({ run: arbitraryRun, at: arbitraryInstant, took: fc.nat({ max: 100_000 }), ...parts })
  .map(({ at, took, ...outcome }) => ({ ...outcome, startedAt: at - took * SECOND, at }));

const facts = {
  failures: arbitraryCount,
  lastFailure: fc.option(arbitraryInstant),
  opensAt: fc.option(arbitraryInstant),
  trips: arbitraryCount,
};

const arbitraryStanding: fc.Arbitrary<Standing> = fc.oneof(
  fc.record({
    ...facts,
    state: fc.constantFrom("closed" as const, "open" as const),
    probe: fc.constant(null),
  }),
  fc.record({
    ...facts,
    state: fc.constant("half-open" as const),
    probe: fc.record({ successes: arbitraryCount }),
  }),
);

const arbitraryCheckpoint: fc.Arbitrary<Checkpoint> = fc
  .record({
    standing: arbitraryStanding,
    rated: fc.array(fc.record(parts), { maxLength: 3 }),
    pipelineFailure: fc.boolean(),
    until: fc.option(fc.record({ at: arbitraryInstant, run: fc.option(arbitraryRun) })),
  })
  .map(({ standing, ...rest }) => ({ ...standing, ...rest }));

const arbitraryBreaker: fc.Arbitrary<Breaker> = fc
  .record({
    standing: arbitraryStanding,
    window: fc.array(arbitraryOutcome, { maxLength: 3 }),
    lease: fc.option(fc.record({ run: arbitraryRun, until: arbitraryInstant })),
    checkpoint: fc.option(arbitraryCheckpoint),
  })
  // While a breaker is open its lease, if it has one, is over; a closed one has none.
  .map(({ standing, lease, ...rest }) => {
    const { state, opensAt } = standing;
    const mayHave = state === "half-open" || (state === "open" && opensAt !== null && (lease?.until ?? 0) < opensAt);
    return { ...standing, ...rest, lease: mayHave ? lease : null };
  });

const arbitraryWeeks: fc.Arbitrary<Control["weeks"]> = fc
  .uniqueArray(
    fc.record({
      week: fc
        .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
        .map((day) => day.toISOString().slice(0, 10)),
      tried: fc
        .uniqueArray(fc.tuple(arbitraryScope, fc.record(parts)), {
          selector: ([name]) => name,
          minLength: 1,
          maxLength: 3,
        })
        .map((entries) => new Map(entries.flatMap(([name, tried]) => (name === "*" ? [] : [[name, tried] as const])))),
    }),
    { maxLength: 2, selector: ({ week }) => week },
  )
  .map((weeks) => weeks.filter(({ tried }) => tried.size > 0).sort((a, b) => (a.week < b.week ? -1 : 1)));

/** What attackers and bad luck call an ecosystem. */
export const ODD_NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "", "7", "../x", 'a"b', "\u202e"];

/** Any Control that the domain can decide on. */
export function arbitraryControl(
  names: fc.Arbitrary<string> = fc.oneof(fc.constantFrom("homebrew", "npm", ...ODD_NAMES), fc.string()),
): fc.Arbitrary<Control> {
  return fc.record({
    holds: fc.uniqueArray(arbitraryHold, { maxLength: 4, selector: ({ id, scope }) => `${id} ${scope}` }),
    breakers: fc
      .uniqueArray(fc.tuple(names, arbitraryBreaker), { maxLength: 4, selector: ([name]) => name })
      .map((entries) => new Map(entries)),
    budget: arbitraryBudget(names),
    weeks: arbitraryWeeks,
    enforced: fc.record({
      autoMerge: fc.array(
        fc.record({
          pull: fc.integer({ min: 1, max: 99_999 }),
          method: fc.constantFrom("MERGE", "SQUASH", "REBASE"),
          headline: fc.option(fc.string()),
          body: fc.option(fc.string()),
        }),
        { maxLength: 2 },
      ),
      workflows: fc.array(fc.record({ file: fc.constantFrom("a.yml", "b.yaml"), holds: fc.array(fc.string()) }), {
        maxLength: 2,
      }),
    }),
    seen: fc.record({ since: fc.option(arbitraryInstant), runs: fc.array(arbitraryRun, { maxLength: 3 }) }),
  });
}
