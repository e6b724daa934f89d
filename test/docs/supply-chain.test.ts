import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES, type RuleName, severityOfRule } from "../../src/domain/supply-chain/rule.ts";

// The keys of a constant.
const RULE_NAMES = Object.keys(RULES) as RuleName[];
const page = readFileSync(new URL("../../docs/supply-chain.md", import.meta.url), "utf8");

test("the page lists every rule with its severity, and no other", () => {
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \| (critical|high|medium|low) \|/gm)].map(([, name, severity]) => [
    name,
    severity,
  ]);
  expect(Object.fromEntries(listed)).toEqual(
    Object.fromEntries(RULE_NAMES.map((name) => [name, severityOfRule(name)])),
  );
});
