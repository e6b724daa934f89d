import { parse, TomlError, type TomlTable, type TomlValue } from "smol-toml";
import { isTable } from "../batches/recipe.ts";

/** An address that a recipe downloads from, or reads a checksum or a signature at. */
export interface Address {
  readonly text: string;
  /** Lower case; null when the text names none. */
  readonly host: string | null;
  readonly isHttps: boolean;
}

/** What a recipe says of where it gets things. */
export type RecipeSource =
  | {
      readonly kind: "read";
      /**
       * Each as `<action> <key>=<value>`, sorted: the action and what it names (formula, repository, crate, package, gem,
       * module), or the host of an address. A version, a file name, a mapping is none: those change all the time.
       */
      readonly origins: readonly string[];
      readonly addresses: readonly Address[];
      /** What its `run_command` steps run. */
      readonly commands: readonly string[];
    }
  /** No TOML: nobody can tell where it gets things. */
  | { readonly kind: "unreadable" };

const ORIGIN_KEYS: ReadonlySet<string> = new Set([
  "cask",
  "crate",
  "formula",
  "fossil_repo",
  "gem",
  "github_repo",
  "module",
  "package",
  "packages",
  "project_name",
  "repo",
  "tap",
]);

/** Reads where a recipe gets things: from its steps, and from the table `version`, which decides what is the newest. */
export function readRecipeSource(text: string): RecipeSource {
  const table = parseRecipe(text);
  if (table === null) return { kind: "unreadable" };
  const named = stepsOf(table);
  const addresses = named.flatMap(({ values }) => values.filter(isAddress).map(([, value]) => value));
  return {
    kind: "read",
    origins: [...new Set(named.flatMap(originsOf))].sort(),
    addresses: [...new Set(addresses)].map(readAddress),
    commands: named
      .filter(({ action }) => action === "run_command")
      .map(({ values }) => values.map(([key, value]) => `${key}=${value}`).join(" ")),
  };
}

/** A recipe as TOML; null when it is none. */
export function parseRecipe(text: string): TomlTable | null {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) return null;
    throw error;
  }
}

/** A step, or the table `version`, with the texts that it holds itself. */
interface Named {
  readonly action: string;
  readonly values: readonly (readonly [key: string, value: string])[];
}

/** Every table with an action, wherever it stands, and the table `version`. */
function stepsOf(table: TomlTable): readonly Named[] {
  return Object.entries(table).flatMap(([key, value]) => namedIn(value, key));
}

function namedIn(value: TomlValue, name: string): readonly Named[] {
  if (Array.isArray(value)) return value.flatMap((item) => namedIn(item, name));
  if (!isTable(value)) return [];
  const action = typeof value.action === "string" ? value.action : name;
  const isNamed = action !== name || name === "version";
  return [...(isNamed ? [{ action, values: Object.entries(value).flatMap(textsOf) }] : []), ...stepsOf(value)];
}

function textsOf([key, value]: [string, TomlValue]): readonly (readonly [string, string])[] {
  const texts = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string" && item !== "");
  return texts.map((text) => [key, String(text)] as const);
}

function originsOf({ action, values }: Named): readonly string[] {
  return values.flatMap(([key, value]) => {
    if (isAddress([key, value])) return [`${action} host=${readAddress(value).host ?? value}`];
    return ORIGIN_KEYS.has(key) ? [`${action} ${key}=${value}`] : [];
  });
}

/** `url`, `checksum_url`, `signature_url`, …, and whatever else looks like an address; a homepage is downloaded by nobody. */
function isAddress([key, value]: readonly [string, string]): boolean {
  return /(?:^|_)url$/.test(key) || /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
}

function readAddress(text: string): Address {
  const url = URL.parse(text);
  const host = url === null || url.hostname === "" ? null : url.hostname.toLowerCase();
  return { text, host, isHttps: url?.protocol === "https:" };
}
