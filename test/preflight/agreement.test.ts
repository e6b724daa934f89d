import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fc, test as propertyTest } from "@fast-check/vitest";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { mayRun } from "../../src/domain/breaker/admission.ts";
import { CLOSED } from "../../src/domain/breaker/breaker.ts";
import { describeBreaker } from "../../src/domain/breaker/describe-breaker.ts";
import { newControlFile, readSoundFile } from "../../src/domain/control/control-file.ts";
import { adoptHandEdits, handEdits } from "../../src/domain/control/hand-edit.ts";
import { writeControlFile } from "../../src/domain/control/write-control-file.ts";
import { INFRASTRUCTURE, parseEcosystem } from "../../src/domain/ecosystem.ts";
import { blocking } from "../../src/domain/holds/standing.ts";
import { HOUR, printInstant } from "../../src/domain/instant.ts";
import { POLICY } from "../domain/breaker/example.ts";
import { arbitraryControl } from "../domain/control/arbitrary-control.ts";
import { needsJq, preflight } from "./shell.ts";

beforeEach(needsJq);

const ALIASES = new Map([["cargo", "crates.io"]]);
const NAMES = ["homebrew", "npm", "crates.io", "constructor"] as const;

/** What a person, or a program that knows less, makes of a switch: leaves it, sets it, or drops it. */
function arbitraryEdit<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<"left" | "dropped" | { set: Value }> {
  return fc.oneof(
    fc.constant("left" as const),
    fc.constant("dropped" as const),
    value.map((set) => ({ set })),
  );
}

const arbitraryEdits = fc.record({
  enabled: arbitraryEdit(fc.boolean()),
  disabled_ecosystems: arbitraryEdit(
    fc.subarray([...NAMES, "Cargo", "NPM", "*", "../x", "__proto__"], { maxLength: 2 }),
  ),
});

propertyTest.prop(
  [
    arbitraryControl(fc.constantFrom(...NAMES, INFRASTRUCTURE, "__proto__", "../x")),
    arbitraryEdits,
    fc.constantFrom(...NAMES, "cargo", "NPM"),
  ],
  { numRuns: 40 },
)(
  "the preflight lets a job start exactly when no hold and no breaker is in its way",
  (control, edits, name) => {
    const content = JSON.parse(writeControlFile(newControlFile(), control));
    for (const [key, edit] of Object.entries(edits)) {
      if (edit === "dropped") delete content[key];
      else if (edit !== "left") content[key] = edit.set;
    }
    const file = readSoundFile(JSON.stringify(content));
    const adopted = adoptHandEdits(file.control, handEdits(file, ALIASES), { author: "olga", url: "", at: 0 });

    const now = Date.now();
    const ecosystem = parseEcosystem(name, ALIASES);
    if (ecosystem === null) throw new Error(`${name} names no ecosystem`);
    const breaker = file.control.breakers.get(ecosystem) ?? CLOSED;
    const shared = file.control.breakers.get(INFRASTRUCTURE) ?? CLOSED;
    const lets = [breaker, shared].every((one) => mayRun(one, POLICY, now).allowed);
    const proceed = blocking(adopted, ecosystem).length === 0 && lets;
    expect(preflight(file.text, { ECOSYSTEM: name }).outputs).toMatchObject({
      proceed: `${proceed}`,
      skip: `${!proceed}`,
      state: describeBreaker(breaker, POLICY, now).state,
    });
  },
  60_000,
);

const vectorFile = z.object({
  future: z.string(),
  vectors: z.array(
    z.object({
      case: z.string(),
      before: z.record(z.string(), z.unknown()).nullable(),
      op: z.string(),
      stdout: z.array(z.string()),
    }),
  ),
});

/** Where the preflight decides otherwise than `check_breaker.sh`, on purpose. */
const DIFFERENCES: Readonly<Record<string, { readonly outputs: readonly string[]; readonly why: string }>> = {
  weird: {
    outputs: ["skip=true", "state=open"],
    why: "a state that nobody can read stops, where the script warns and runs",
  },
};

const dataFolder = process.env.BATCHKEEPER_REAL_DATA;

test.skipIf(!dataFolder)("check_breaker.sh and the preflight decide alike, but for the listed differences", () => {
  const text = readFileSync(join(dataFolder ?? "", "upstream/breaker-vectors.json"), "utf8");
  const { future, vectors } = vectorFile.parse(JSON.parse(text));
  const checks = vectors.filter(({ op }) => op === "check");
  expect(checks.length).toBeGreaterThanOrEqual(10);
  for (const { case: name, before, stdout } of checks) {
    // What was ahead when the script ran has to be ahead now.
    const opensAt = before?.opens_at === future ? { opens_at: printInstant(Date.now() + HOUR) } : {};
    const entry = before === null ? {} : { "crates.io": { ...before, ...opensAt } };
    const { skip, state } = preflight(JSON.stringify({ circuit_breaker: entry }), { ECOSYSTEM: "crates.io" }).outputs;
    const theirs = stdout.filter((line) => /^(skip|state)=/.test(line));
    expect([name, `skip=${skip}`, `state=${state}`]).toEqual([name, ...(DIFFERENCES[name]?.outputs ?? theirs)]);
    if (name in DIFFERENCES) expect(DIFFERENCES[name]?.outputs).not.toEqual(theirs);
  }
});
