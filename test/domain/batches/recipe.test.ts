import { expect, test } from "vitest";
import { dependentsByName, readRecipe, recipeName } from "../../../src/domain/batches/recipe.ts";

test("a recipe tells whether a person answers for it", () => {
  expect(readRecipe('[metadata]\nname = "gh"\ncurated = true\n')).toMatchObject({ isCurated: true });
  expect(readRecipe("[metadata]\ncurated = false\n")).toMatchObject({ isCurated: false });
  expect(readRecipe('[metadata]\ndescription = "curated = true"\n')).toMatchObject({ isCurated: false });
  expect(readRecipe("[[steps]]\ncurated = true\n")).toMatchObject({ isCurated: false });
});

test("a recipe names what it needs, wherever it says so", () => {
  const text = `[metadata]
runtime_dependencies = ["xz", "zstd@1.5"]
extra_dependencies = "ruby"
[[steps]]
action = "cargo_install"
dependencies = ["rust >= 1.80", "xz", 7]
[steps.linux]
build_dependencies = { cmake = "3" }
`;
  expect(readRecipe(text)).toMatchObject({ dependencies: ["xz", "zstd", "ruby", "rust", "cmake"] });
});

test("a text that is no TOML is unreadable, not without needs", () => {
  expect(readRecipe("dependencies = [")).toEqual({ kind: "unreadable" });
  expect(readRecipe("anything else is not even read [")).toMatchObject({ kind: "read" });
});

test("names that JavaScript knows are ordinary", () => {
  const recipes = new Map([["recipes/x/x.toml", readRecipe('dependencies = ["__proto__", "constructor"]\n')]]);
  expect(dependentsByName(recipes).get("__proto__")).toEqual(["recipes/x/x.toml"]);
  expect(recipeName("recipes/c/__proto__.toml")).toBe("__proto__");
});
