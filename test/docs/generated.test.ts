import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commandReference } from "../../docs/command-reference.ts";
import { configurationReference } from "../../docs/configuration-reference.ts";

test.each([
  ["commands.md", commandReference],
  ["configuration.md", configurationReference],
])("docs/%s says what the declarations say (npm run docs)", (file, generate) => {
  expect(readFileSync(new URL(`../../docs/${file}`, import.meta.url), "utf8")).toBe(generate());
});
