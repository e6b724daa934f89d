/** What kind of failure kept a package from its recipe. */
export type Category =
  | "network"
  | "runner"
  | "timeout"
  | "validation"
  | "missing dependency"
  | "generation"
  | "installation"
  | "other";

/** The pipeline's own words for failures, as its records of a year have them, and near relatives of theirs. */
const CATEGORIES: ReadonlyMap<string, Category> = new Map<string, Category>([
  ["network", "network"],
  ["network_error", "network"],
  ["connection_error", "network"],
  ["dns_error", "network"],
  ["runner_lost", "runner"],
  ["runner_error", "runner"],
  ["startup_failure", "runner"],
  ["timeout", "timeout"],
  ["timed_out", "timeout"],
  ["validation", "validation"],
  ["validation_failed", "validation"],
  ["missing_dep", "missing dependency"],
  ["missing_dependency", "missing dependency"],
  ["recipe_not_found", "missing dependency"],
  ["generation_failed", "generation"],
  ["deterministic", "generation"],
  ["deterministic_insufficient", "generation"],
  ["install_failed", "installation"],
  ["installation_failed", "installation"],
]);

/** The category of a failure by the pipeline's word for it, in any case; a word that is not known is `other`. */
export function categoryOf(word: string): Category {
  return CATEGORIES.get(word.trim().toLowerCase().replaceAll(/[ -]/g, "_")) ?? "other";
}

/** Whether a failure is none of the ecosystem's: the network between it and the runner, or the runner itself. */
export function isInfrastructure(category: Category): boolean {
  return category === "network" || category === "runner";
}
