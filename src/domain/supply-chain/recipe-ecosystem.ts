import { parseEcosystem, type Scope } from "../ecosystem.ts";

/** The ecosystem that a step's action takes from. */
const BY_ACTION: Readonly<Record<string, string>> = {
  homebrew: "homebrew",
  cask: "cask",
  npm_install: "npm",
  cargo_install: "crates.io",
  gem_install: "rubygems",
  pip_install: "pypi",
  pipx_install: "pypi",
  go_install: "go",
  cpan_install: "cpan",
  github_archive: "github",
  github_file: "github",
};

/**
 * What to stop for a recipe: the ecosystem of the batch that brought it, else of its steps. Everything, where neither tells
 * exactly one: a stop that is too wide is lifted more easily than one that missed.
 *
 * @param actions of the steps that it is about
 */
export function ecosystemToStop(actions: readonly string[], batchEcosystems: readonly string[]): Scope {
  const names = batchEcosystems.length === 1 ? batchEcosystems : actions.map((action) => BY_ACTION[action]);
  const [only, ...others] = new Set(names);
  const ecosystem = only === undefined || others.length > 0 ? null : parseEcosystem(only, new Map());
  return ecosystem ?? "*";
}
