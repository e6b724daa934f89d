import { batchPlace } from "../config/policy.ts";
import type { BatchId } from "../domain/batches/batch-id.ts";
import { type Glob, globMatches } from "../domain/batches/path-glob.ts";
import { planRollback, type RollbackFacts } from "../domain/batches/rollback-plan.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import { type FoundBatch, findBatch } from "../github/find-batch.ts";
import { readRollbackFacts } from "../github/rollback-facts.ts";
import { batchId } from "./arguments/batch-id.ts";
import { flag } from "./arguments/flag.ts";
import { globs } from "./arguments/globs.ts";
import { pullNumber } from "./arguments/pull-number.ts";
import { rest } from "./arguments/rest.ts";
import { chooseBatch } from "./batch-choice.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { planSummary, planTables } from "./plan-text.ts";
import { type DecidedRollback, propose } from "./propose-rollback.ts";

/** What `/batch rollback` was asked for. */
interface RollbackArguments {
  readonly id: BatchId;
  readonly pr: number | null;
  readonly all: boolean;
  readonly only: readonly Glob[];
  readonly includeSwept: boolean;
  readonly dryRun: boolean;
  readonly undo: boolean;
  readonly reason: string;
}

/** `/batch rollback`: takes a batch back by one pull request, and nothing that anybody changed since. */
export const rollback = command({
  verb: "rollback",
  summary: "Take a batch back by pull request; what somebody changed since is kept.",
  args: {
    id: batchId(),
    pr: pullNumber("the pull request that is meant, where several have the id"),
    all: flag("every pull request of the id"),
    only: globs("only these recipes, by name (`cmake`, `lib*`) or path (`recipes/c/**`)"),
    includeSwept: flag("also what only repository-wide sweeps changed since"),
    dryRun: flag("show the plan and change nothing"),
    undo: flag("open the reverse of a rollback that was merged"),
    reason: rest(),
  },
  needs: "write",
  whenLate: "repeat",
  leniency: "strict",
  examples: [
    "/batch rollback 2026-02-18 — broken downloads, see #41",
    "/batch rollback 2026-02-18-homebrew --only cmake lib* --dry-run",
    "/batch rollback 2026-02-18 --undo — it was the mirror",
  ],
  async run(args, context: CommandContext): Promise<Answer> {
    const refusal = contradiction(args);
    if (refusal !== null) return { outcome: "refused", text: refusal };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const decided = await decide(args, context);
      if ("outcome" in decided) return decided;
      if (args.dryRun) return dryRun(decided);
      const proposed = await propose(decided, args.reason, context);
      if (proposed.kind === "answered") return proposed.answer;
    }
    const text = `**Not finished**: the default branch moved during each of ${ATTEMPTS} attempts. What the pull request shows is the plan for a slightly older commit; repeat the command to bring it up to date.`;
    return { outcome: "failed", text };
  },
});

const ATTEMPTS = 3;

function contradiction({ pr, all, undo, only, includeSwept }: RollbackArguments): string | null {
  if (pr !== null && all) return "`--pr` names one pull request and `--all` means every one: give one of the two.";
  if (undo && (pr !== null || all || only.length > 0 || includeSwept)) {
    return "`--undo` reverses the whole rollback: it goes with `--dry-run` and a reason, not with `--pr`, `--all`, `--only` or `--include-swept`.";
  }
  return null;
}

async function decide(args: RollbackArguments, context: CommandContext): Promise<DecidedRollback | Answer> {
  const { repository, reading } = context;
  const place = batchPlace(reading.configuration.settings);
  const found = await findBatch(repository, args.id, place);
  if (args.undo) return decideUndo(args, found, context);
  const chosen = await chooseBatch(args.id, args, found, { repository, place });
  if ("outcome" in chosen) return chosen;
  const facts = await readRollbackFacts(repository, found.tip, chosen.arrivals, place);
  const unmet = unmetGlob(args.only, facts, place.recipes);
  if (unmet !== null) return { outcome: "refused", text: unmet };
  return {
    kind: "rollback",
    id: args.id,
    found,
    plan: planRollback(facts, { only: args.only, includeSwept: args.includeSwept, recipes: `${place.recipes}/` }),
    pulls: chosen.pulls.map(({ number }) => number),
    sources: chosen.sources,
    notes: chosen.notes,
  };
}

/** A rollback is undone as it was done: what it took back comes back where nobody has put something else since. */
async function decideUndo(
  { id }: RollbackArguments,
  found: FoundBatch,
  { repository, reading }: CommandContext,
): Promise<DecidedRollback | Answer> {
  const merged = found.rollbacks.filter(({ state, landing }) => state === "merged" && landing !== null).toReversed();
  if (merged.length === 0) return nothingToUndo(id, found);
  const place = batchPlace(reading.configuration.settings);
  const arrivals = merged.flatMap(({ landing }) => (landing === null ? [] : [{ landing, commits: 1, headlines: [] }]));
  const facts = await readRollbackFacts(repository, found.tip, arrivals, place);
  return {
    kind: "undo",
    id,
    found,
    plan: planRollback(facts, { only: [], includeSwept: false, recipes: `${place.recipes}/` }),
    pulls: merged.map(({ number }) => number),
    sources: merged.map(numberLink),
    notes: [],
  };
}

function nothingToUndo(id: BatchId, { rollbacks }: FoundBatch): Answer {
  const open = rollbacks.find(({ state }) => state === "open");
  const way =
    open === undefined
      ? `No rollback of \`${id.text}\` was merged.`
      : `The rollback of \`${id.text}\`, ${numberLink(open)}, is not merged: **closing it** is all it takes.`;
  return { outcome: "refused", text: `There is nothing to undo. ${way}` };
}

/** A glob that means no recipe of the batch is a slip, and what it was meant for would stay. */
function unmetGlob(only: readonly Glob[], { introductions }: RollbackFacts, recipes: string): string | null {
  const paths = introductions.flatMap(({ changes }) => changes.map(({ path }) => path));
  const unmet = only.find((glob) => !paths.some((path) => globMatches(glob, path, `${recipes}/`)));
  if (unmet === undefined) return null;
  return `Nothing was changed: no recipe of the batch is meant by ${quote(unmet, 80)}. A reason after \`--only\` begins with a dash: \`— reason\`.`;
}

function dryRun({ kind, id, plan, sources, notes }: DecidedRollback): Answer {
  const what = kind === "rollback" ? `a rollback of \`${id.text}\`` : `undoing the rollback of \`${id.text}\``;
  const text = [
    `**Nothing was changed.** This is what ${what} would do (${sources.join(", ")}):`,
    planSummary(plan),
    ...notes,
    planTables(plan),
  ];
  return { outcome: "done", text: text.join("\n\n") };
}
