import { z } from "zod";
import { printHiddenJson, readHiddenJson } from "../hidden-json.ts";
import type { Failure } from "./run-results.ts";

/**
 * Why the failing runs of an ecosystem failed, summed up while its breaker is open: what nobody can keep in a control file of
 * 64 KB, and everybody looks for in the incident.
 */
export interface Causes {
  /** The latest runs that are in the sums, so that none counts twice. */
  readonly runs: readonly string[];
  /** How many failing runs are in the sums. */
  readonly failing: number;
  /** Failures by category, each package once for each run. */
  readonly categories: ReadonlyMap<string, number>;
  readonly packages: ReadonlyMap<string, PackageFailures>;
}

interface PackageFailures {
  /** In how many runs it failed. */
  readonly runs: number;
  /** In how many of the latest runs without a break. */
  readonly streak: number;
}

export const NO_CAUSES: Causes = { runs: [], failing: 0, categories: new Map(), packages: new Map() };

// All of it stands in the body of an issue, which may have 65,536 characters.
const REMEMBERED_RUNS = 20;
const REMEMBERED_PACKAGES = 50;

/** From so many failing runs in a row on, a package that failed in each of them is no accident. */
const POISONED_STREAK = 3;

/** Adds a failing run, the next in time. One that is known changes nothing. */
export function addRun(causes: Causes, run: string, failures: readonly Failure[]): Causes {
  if (causes.runs.includes(run)) return causes;
  const categories = new Map(causes.categories);
  for (const { category } of failures) categories.set(category, (categories.get(category) ?? 0) + 1);
  const failed = new Set(failures.flatMap((failure) => failure.package ?? []));
  const packages = new Map<string, PackageFailures>();
  for (const [name, { runs, streak }] of causes.packages) {
    packages.set(name, failed.has(name) ? { runs: runs + 1, streak: streak + 1 } : { runs, streak: 0 });
  }
  for (const name of failed) if (!packages.has(name)) packages.set(name, { runs: 1, streak: 1 });
  return {
    runs: [...causes.runs, run].slice(-REMEMBERED_RUNS),
    failing: causes.failing + 1,
    categories,
    packages: new Map(worst(packages).slice(0, REMEMBERED_PACKAGES)),
  };
}

/** Packages, those that fail most first. */
function worst(packages: Causes["packages"]): readonly (readonly [string, PackageFailures])[] {
  return [...packages].sort(([one, a], [other, b]) => b.streak - a.streak || b.runs - a.runs || (one < other ? -1 : 1));
}

/** The packages that fail most, at most so many. */
export function worstPackages({ packages }: Causes, most: number): readonly (readonly [string, PackageFailures])[] {
  return worst(packages).slice(0, most);
}

/** Categories, the most frequent first. */
export function frequentCategories({ categories }: Causes): readonly (readonly [string, number])[] {
  return [...categories].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
}

/**
 * The package by which every probe fails, with the length of its row: it failed in the latest runs without a break, and in
 * most of all that failed. Null when there is none, or several that always fail together, which is no fault of one.
 */
export function poisonedProbe({
  failing,
  packages,
}: Causes): { readonly name: string; readonly streak: number } | null {
  const [first, second] = worst(packages);
  if (first === undefined) return null;
  const [name, { runs, streak }] = first;
  const isAlone = second === undefined || second[1].streak < streak;
  return isAlone && streak >= POISONED_STREAK && runs > failing / 2 ? { name, streak } : null;
}

const count = z.int().nonnegative();
const causesRecord = z.object({
  runs: z.array(z.string()).max(REMEMBERED_RUNS),
  failing: count,
  categories: z.array(z.tuple([z.string(), count])).max(100),
  packages: z.array(z.tuple([z.string(), count, count])).max(REMEMBERED_PACKAGES),
});

/** One line of text that cannot end an HTML comment. */
export function printCauses({ runs, failing, categories, packages }: Causes): string {
  const record: z.input<typeof causesRecord> = {
    runs: [...runs],
    failing,
    categories: [...categories],
    packages: [...packages].map(([name, { runs: many, streak }]) => [name, many, streak]),
  };
  return printHiddenJson(record);
}

/** The inverse of `printCauses`. A text that somebody has changed tells nothing: the sums begin anew. */
export function readCauses(text: string): Causes {
  const parsed = causesRecord.safeParse(readHiddenJson(text));
  if (!parsed.success) return NO_CAUSES;
  const { runs, failing, categories, packages } = parsed.data;
  return {
    runs,
    failing,
    categories: new Map(categories),
    packages: new Map(packages.map(([name, many, streak]) => [name, { runs: many, streak }])),
  };
}
