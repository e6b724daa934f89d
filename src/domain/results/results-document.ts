import { z } from "zod";
import { dictionary } from "../dictionary.ts";
import { type Aliases, type Ecosystem, parseEcosystem, parseReportedEcosystem } from "../ecosystem.ts";
import type { Instant } from "../instant.ts";
import { oneLine } from "../quote.ts";
import { categoryOf } from "./category.ts";
import type { EcosystemResult, Failure, RunResults } from "./run-results.ts";

// What a pipeline of hundreds of packages writes is far below these; what is above them is a mistake or an attack.
const MOST_FAILURES = 2000;
const LONGEST_PACKAGE = 120;
const MOST_ECOSYSTEMS = 100;

const count = z.int().nonnegative().max(1e9);
const word = z.string().min(1);

/** A failure in any of the shapes that the pipeline writes: `package_id` and `category`, or `recipe` and `category`. */
const failureRecord = z
  .object({
    package_id: word.optional(),
    package: word.optional(),
    recipe: word.optional(),
    category: word.optional().catch(undefined),
    ecosystem: word.optional().catch(undefined),
  })
  .transform(({ package_id, package: name, recipe, category, ecosystem }) => ({
    name: package_id ?? name ?? recipe ?? null,
    category: categoryOf(category ?? ""),
    ecosystem: ecosystem ?? null,
  }));
type FailureRecord = z.output<typeof failureRecord>;

/** A list of failures as far as it can be understood: the counts decide, and causes are a courtesy. */
const failureRecords = z
  .array(z.unknown())
  .catch([])
  .transform((records) =>
    records.slice(0, MOST_FAILURES).flatMap((record) => failureRecord.safeParse(record).data ?? []),
  );

const resultsDocument = z.object({
  per_ecosystem: dictionary(z.object({ succeeded: count, failed: count, failures: failureRecords.default([]) })).refine(
    ({ size }) => size <= MOST_ECOSYSTEMS,
    "more ecosystems than anybody has",
  ),
  failures: failureRecords.default([]),
});

/** What a pipeline wrote about a run: `{"per_ecosystem": {"homebrew": {"succeeded": 9, "failed": 1}}}`, and why. */
export type ResultsDocument = z.output<typeof resultsDocument>;

export type DocumentReading =
  | { readonly kind: "read"; readonly document: ResultsDocument }
  | { readonly kind: "malformed"; readonly problem: string };

/** Reads what a pipeline wrote about a run. Whatever the text, this returns; other keys are the pipeline's business. */
export function readResultsDocument(text: string): DocumentReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "malformed", problem: "it is not JSON" };
  }
  const parsed = resultsDocument.safeParse(json);
  if (parsed.success) return { kind: "read", document: parsed.data };
  const [issue] = parsed.error.issues;
  const place = issue?.path.map(String).join(".") ?? "";
  return { kind: "malformed", problem: oneLine(`${place}: ${issue?.message}`) };
}

/**
 * What a document says the run did. One ecosystem under several names is one; `default` and `all` are none; a name that no
 * ecosystem can have is refused, and the others count.
 *
 * @param startedAt when the run began to work: the document does not tell it of each.
 */
export function documentResults(
  { per_ecosystem, failures }: ResultsDocument,
  startedAt: Instant,
  aliases: Aliases,
): RunResults {
  const ecosystems = new Map<Ecosystem, EcosystemResult>();
  const illFormed: string[] = [];
  const shared = Map.groupBy(failures, (failure) => ecosystemOf(failure, aliases));
  for (const [name, { succeeded, failed, failures: own }] of per_ecosystem) {
    const ecosystem = parseReportedEcosystem(name, aliases);
    if (ecosystem === null) {
      if (parseEcosystem(name, aliases) === null) illFormed.push(oneLine(name, 80));
      continue;
    }
    const known = ecosystems.get(ecosystem);
    const told = known === undefined ? [...own, ...(shared.get(ecosystem) ?? [])] : own;
    ecosystems.set(ecosystem, {
      startedAt,
      ok: (known?.ok ?? 0) + succeeded,
      failed: (known?.failed ?? 0) + failed,
      failures: [...(known?.failures ?? []), ...eachOnce(told, ecosystem, aliases)],
    });
  }
  return { ecosystems, lost: 0, illFormed };
}

/** The ecosystem that a failure outside the lists of ecosystems belongs to: said, or before the colon of `homebrew:go-task`. */
function ecosystemOf({ ecosystem, name }: FailureRecord, aliases: Aliases): Ecosystem | null {
  const said = ecosystem ?? (name?.includes(":") ? name.slice(0, name.indexOf(":")) : null);
  return said === null ? null : parseReportedEcosystem(said, aliases);
}

/** A package that fails on four platforms failed once. */
function eachOnce(records: readonly FailureRecord[], ecosystem: Ecosystem, aliases: Aliases): readonly Failure[] {
  const named = new Map<string, Failure>();
  const unnamed: Failure[] = [];
  for (const { name, category } of records) {
    if (name === null) unnamed.push({ category, package: null });
    else {
      const text = oneLine(withoutPrefix(name, ecosystem, aliases), LONGEST_PACKAGE);
      named.set(text, { category, package: text });
    }
  }
  return [...named.values(), ...unnamed];
}

/** `go-task` for `homebrew:go-task`: the ecosystem is said already. */
function withoutPrefix(name: string, ecosystem: Ecosystem, aliases: Aliases): string {
  const colon = name.indexOf(":");
  return colon > 0 && parseEcosystem(name.slice(0, colon), aliases) === ecosystem ? name.slice(colon + 1) : name;
}
