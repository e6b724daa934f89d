import { parse, TomlError, type TomlTable, type TomlValue } from "smol-toml";

/** What a rollback asks of a recipe's text. */
export type Recipe =
  | {
      readonly kind: "read";
      /** Somebody answers for it by hand: `curated = true` in its metadata. */
      readonly isCurated: boolean;
      /** Names of the recipes that it needs. */
      readonly dependencies: readonly string[];
    }
  /** No TOML: nobody can tell what it needs. */
  | { readonly kind: "unreadable" };

const PLAIN: Recipe = { kind: "read", isCurated: false, dependencies: [] };

/** Reads a recipe. Most have none of the words that matter here, and are not parsed. */
export function readRecipe(text: string): Recipe {
  if (!/curated|dependencies/.test(text)) return PLAIN;
  try {
    const table = parse(text);
    const { metadata } = table;
    const isCurated = isTable(metadata) && metadata.curated === true;
    return { kind: "read", isCurated, dependencies: [...new Set(dependenciesIn(table))] };
  } catch (error) {
    if (error instanceof TomlError) return { kind: "unreadable" };
    throw error;
  }
}

/** The name of a recipe is that of its file: `recipes/c/cmake.toml` is `cmake`. */
export function recipeName(path: string): string {
  return (path.split("/").at(-1) ?? path).replace(/\.toml$/, "");
}

/** The recipes that need others: name of what is needed to the paths that need it, sorted. */
export function dependentsByName(recipes: ReadonlyMap<string, Recipe>): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const [path, recipe] of [...recipes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (recipe.kind === "unreadable") continue;
    for (const name of recipe.dependencies) dependents.getOrInsertComputed(name, () => []).push(path);
  }
  return dependents;
}

/** `dependencies`, `runtime_dependencies`, `extra_dependencies`, …: in the metadata, in a step, wherever they stand. */
function dependenciesIn(table: TomlTable): readonly string[] {
  return Object.entries(table).flatMap(([key, value]) =>
    /(?:^|_)dependencies$/.test(key) ? namesIn(value) : tablesIn(value).flatMap(dependenciesIn),
  );
}

function tablesIn(value: TomlValue): readonly TomlTable[] {
  return (Array.isArray(value) ? value : [value]).filter(isTable);
}

/** A list of names, each perhaps with a version (`xz@5`), or a table from name to version. */
function namesIn(value: TomlValue): readonly string[] {
  if (isTable(value)) return Object.keys(value);
  const texts = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");
  return texts.map((text) => text.split(/[@\s<>=]/, 1)[0] ?? "").filter((name) => name !== "");
}

/** Whether a value of a recipe is a table: neither a list nor a plain value. */
export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
