import { type Ecosystem, parseEcosystem, type Scope } from "../ecosystem.ts";

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
 * What to stop for a recipe: the ecosystem of the batch that brought it, else of the step. Everything, where neither tells
 * one: a stop that is too wide is lifted more easily than one that missed.
 */
export function ecosystemToStop(action: string, batchEcosystems: readonly string[]): Scope {
  const [only, ...others] = batchEcosystems;
  const named = only !== undefined && others.length === 0 ? only : BY_ACTION[action];
  const ecosystem: Ecosystem | null = named === undefined ? null : parseEcosystem(named, new Map());
  return ecosystem ?? "*";
}
