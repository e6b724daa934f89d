import { z } from "zod";
import { type Aliases, type Ecosystem, parseReportedEcosystem } from "../ecosystem.ts";
import { recipeOrigins } from "./recipe-origin.ts";

/** What tells which ecosystems a batch is of, strongest first. */
type Evidence = "results" | "recipes" | "title" | "body";

/** The ecosystems of a batch, each with what named it. Empty: nobody can tell. */
export type Touched = ReadonlyMap<Ecosystem, readonly Evidence[]>;

/** What a pull request shows of its batch. */
export interface BatchTexts {
  readonly title: string;
  readonly body: string;
  /** The batch's results at its head, when the pull request changes them. */
  readonly results: string | null;
  /** Texts of the recipes that it adds or changes, at its head. */
  readonly recipes: readonly string[];
}

/** Which names count. */
export interface Naming {
  readonly aliases: Aliases;
  /** Ecosystems that are known by name: in plain text only these are looked for. */
  readonly known: readonly Ecosystem[];
}

/** The ecosystems that a batch touches: all that any of its parts names, so that a stop of one of them holds it. */
export function touchedEcosystems({ title, body, results, recipes }: BatchTexts, naming: Naming): Touched {
  const touched = new Map<Ecosystem, Evidence[]>();
  const add = (names: readonly string[], evidence: Evidence) => {
    for (const name of new Set(names)) {
      const ecosystem = parseReportedEcosystem(name, naming.aliases);
      const found = ecosystem === null ? [] : touched.getOrInsertComputed(ecosystem, () => []);
      if (!found.includes(evidence)) found.push(evidence);
    }
  };
  add(reportedNames(results), "results");
  add(recipes.flatMap(recipeOrigins), "recipes");
  add(namesIn(title, naming), "title");
  add(namesIn(body, naming), "body");
  return touched;
}

const resultsShape = z.object({ per_ecosystem: z.looseObject({}) });

/** `{"per_ecosystem": {"homebrew": {…}}}`; a text that is none of these names nothing. */
function reportedNames(results: string | null): readonly string[] {
  if (results === null) return [];
  try {
    return Object.keys(resultsShape.safeParse(JSON.parse(results)).data?.per_ecosystem ?? {});
  } catch {
    return [];
  }
}

// As in a name of an ecosystem; what follows it in a sentence is no part of it.
const TOKEN = /[a-z0-9][a-z0-9._-]*/g;

/** Known names that stand in a text as whole words, under any alias: `homebrew` is not in `homebrewed`. */
function namesIn(text: string, { aliases, known }: Naming): readonly string[] {
  const names = new Set<string>([...known, ...aliases.keys()]);
  return (text.toLowerCase().match(TOKEN) ?? [])
    .map((token) => token.replace(/[._-]+$/, ""))
    .filter((token) => names.has(token));
}
