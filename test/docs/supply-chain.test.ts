import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES } from "../../src/domain/supply-chain/rule.ts";

const page = readFileSync(new URL("../../docs/supply-chain.md", import.meta.url), "utf8");

test("the page lists every rule with its severity, and no other", () => {
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \| (critical|high|medium|low) \|/gm)].map(([, name, severity]) => [
    name,
    severity,
  ]);
  expect(Object.fromEntries(listed)).toEqual(
    Object.fromEntries(Object.entries(RULES).map(([name, { severity }]) => [name, severity])),
  );
});
