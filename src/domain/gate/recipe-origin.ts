import { parse, TomlError } from "smol-toml";
import { z } from "zod";

/**
 * Where what an action of a recipe installs comes from, as the pipeline names its ecosystems. Actions that are not here
 * (`install_binaries`, `download`, `apk_install`) say nothing of one.
 */
export const ORIGIN_OF_ACTION: ReadonlyMap<string, string> = new Map([
  ["homebrew", "homebrew"],
  ["homebrew_bottle", "homebrew"],
  ["npm_install", "npm"],
  ["npm_exec", "npm"],
  ["cargo_install", "crates.io"],
  ["cargo_build", "crates.io"],
  ["gem_install", "rubygems"],
  ["gem_exec", "rubygems"],
  ["pip_install", "pypi"],
  ["pipx_install", "pypi"],
  ["go_install", "go"],
  ["go_build", "go"],
  ["cpan_install", "cpan"],
  ["github_archive", "github"],
  ["github_file", "github"],
]);

const recipeShape = z.object({ steps: z.array(z.object({ action: z.string() }).catch({ action: "" })) });

/** The ecosystems that the steps of a recipe install from, by the names of the table; none when it cannot be told. */
export function recipeOrigins(text: string): readonly string[] {
  try {
    const steps = recipeShape.safeParse(parse(text)).data?.steps ?? [];
    return [...new Set(steps.flatMap(({ action }) => ORIGIN_OF_ACTION.get(action) ?? []))];
  } catch (error) {
    if (error instanceof TomlError) return [];
    throw error;
  }
}
