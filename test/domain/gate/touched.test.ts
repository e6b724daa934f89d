import { describe, expect, test } from "vitest";
import { parseEcosystem } from "../../../src/domain/ecosystem.ts";
import { ORIGIN_OF_ACTION, recipeOrigins } from "../../../src/domain/gate/recipe-origin.ts";
import { type BatchTexts, touchedEcosystems } from "../../../src/domain/gate/touched.ts";

const aliases = new Map([["cargo", "crates.io"]]);
const known = ["homebrew", "npm", "crates.io", "go"].flatMap((name) => parseEcosystem(name, aliases) ?? []);
const NOTHING: BatchTexts = { title: "", body: "", results: null, recipes: [] };

function touched(texts: Partial<BatchTexts>): Record<string, readonly string[]> {
  return Object.fromEntries(touchedEcosystems({ ...NOTHING, ...texts }, { aliases, known }));
}

const step = (action: string) => `[[steps]]\naction = "${action}"\n\n[[steps]]\naction = "install_binaries"\n`;

describe("the origin of a recipe", () => {
  test.each([
    ["homebrew", "homebrew"],
    ["npm_install", "npm"],
    ["cargo_install", "crates.io"],
    ["gem_install", "rubygems"],
    ["pip_install", "pypi"],
    ["pipx_install", "pypi"],
    ["go_install", "go"],
    ["github_archive", "github"],
    ["github_file", "github"],
  ])("of the action %s is %s", (action, origin) => {
    expect(recipeOrigins(step(action))).toEqual([origin]);
  });

  test("is every one of its steps'", () => {
    expect(recipeOrigins(step("homebrew") + step("github_file"))).toEqual(["homebrew", "github"]);
  });

  test.each([
    ["an action that names none", step("download")],
    ["text that is no TOML", "= = ="],
    ["steps that are no table", "steps = 3\n"],
    ["a step without an action", '[[steps]]\nurl = "x"\n'],
    ["steps named like what every object has", step("constructor") + step("__proto__")],
  ])("is unknown for %s", (_case, text) => {
    expect(recipeOrigins(text)).toEqual([]);
  });

  test("is a well-formed name for every action of the table", () => {
    expect([...ORIGIN_OF_ACTION.values()].every((name) => parseEcosystem(name, aliases) === name)).toBe(true);
  });
});

describe("the ecosystems that a batch touches", () => {
  test("are those of its results, with any case and alias, but not the pipeline's placeholders", () => {
    const results = JSON.stringify({ per_ecosystem: { Homebrew: { succeeded: 1 }, cargo: {}, all: {}, "../x": {} } });
    expect(touched({ results })).toEqual({ homebrew: ["results"], "crates.io": ["results"] });
  });

  test.each(["{", "[]", '{"per_ecosystem": []}', "null", '{"per_ecosystem": {"__proto__": 1}}'])(
    "are not told by results such as %s",
    (results) => {
      expect(touched({ results })).toEqual({});
    },
  );

  test.each([
    ["add homebrew recipes", ["homebrew"]],
    ["add Homebrew, npm.", ["homebrew", "npm"]],
    ["(cargo)", ["crates.io"]],
    ["homebrewed", []],
    ["linuxbrew", []],
    ["go-task by category", []],
    ["pip", []],
  ])("are the known names that stand in a title as words: %s", (title, names) => {
    expect(Object.keys(touched({ title }))).toEqual(names);
  });

  test("are all that any part of it names, with what names it", () => {
    const results = JSON.stringify({ per_ecosystem: { npm: {} } });
    expect(touched({ title: "npm batch", body: "| homebrew | 3 |", results, recipes: [step("gem_install")] })).toEqual({
      npm: ["results", "title"],
      rubygems: ["recipes"],
      homebrew: ["body"],
    });
  });

  test("are found in a long body in time that grows with its length alone", () => {
    const body = `${"a.".repeat(200_000)} npm ${"-".repeat(200_000)}`;
    const startedAt = performance.now();
    expect(touched({ body })).toEqual({ npm: ["body"] });
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
