import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const steps = z.array(
  z.object({
    uses: z.string().optional(),
    run: z.string().optional(),
    env: z.record(z.string(), z.string()).optional(),
  }),
);
const described = z.record(z.string(), z.object({ description: z.string(), default: z.unknown().optional() }));

const action = z
  .object({ inputs: described, outputs: described, runs: z.object({ using: z.literal("composite"), steps }) })
  .parse(parse(read("preflight/action.yml")));

const breakGlass = z
  .object({
    on: z.object({ workflow_dispatch: z.object({ inputs: described }) }),
    permissions: z.unknown(),
    concurrency: z.undefined().optional(),
    jobs: z.object({ "break-glass": z.object({ permissions: z.undefined().optional(), steps }) }),
  })
  .parse(parse(read("preflight/break-glass.yml")));

const FILES = [
  ["action.yml", action.runs.steps, "preflight.sh"],
  ["break-glass.yml", breakGlass.jobs["break-glass"].steps, "break-glass.sh"],
] as const;

test.each(FILES)(
  "%s: no expression stands in a shell command, and every action is pinned by its commit",
  (_file, steps) => {
    for (const { uses, run } of steps) {
      expect(run ?? "").not.toContain("${" + "{");
      if (uses !== undefined) expect(uses).toMatch(/^actions\/checkout@[0-9a-f]{40}$/);
    }
  },
);

test.each(FILES)("%s: sets every variable by which its script is told something", (_file, steps, script) => {
  const set = steps.flatMap(({ env }) => Object.keys(env ?? {}));
  const given = ["LC_ALL", "EOT"];
  const used = read(`preflight/${script}`).matchAll(/\$\{?([A-Z][A-Z_]+)/g);
  const asked = [...used]
    .map(([, name = ""]) => name)
    .filter((name) => !/^(GITHUB|GIT)_/.test(name) && !given.includes(name));
  expect([...new Set(asked)].sort()).toEqual(set.sort());
});

test("break-glass may write contents and nothing else", () => {
  expect(breakGlass.permissions).toEqual({ contents: "write" });
});

test("the documentation names every input with its default, and every output", () => {
  const page = read("docs/preflight.md");
  for (const [name, { default: value }] of Object.entries(action.inputs)) {
    expect(page).toContain(`| \`${name}\` | ${value === "" ? "" : `\`${value}\``} |`);
  }
  for (const name of Object.keys(action.outputs)) expect(page).toContain(`| \`${name}\` |`);
  for (const name of Object.keys(breakGlass.on.workflow_dispatch.inputs)) expect(page).toContain(`\`${name}\``);
});
