import { type BatchId, nearestBatchIds } from "../domain/batches/batch-id.ts";
import { counted } from "../domain/counted.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import type { BatchCommit, BatchPull } from "../github/batch-pull.ts";
import type { BatchPlace, FoundBatch } from "../github/find-batch.ts";
import { latestBatches } from "../github/latest-batches.ts";
import { recipesOfPulls, type ShownRecipes } from "../github/pull-files.ts";
import type { Repository } from "../github/repository.ts";
import type { Arrival } from "../github/rollback-facts.ts";
import type { Answer } from "./context.ts";
import { table } from "./markdown.ts";

/** Which of the pull requests of an id are meant. */
export interface Which {
  readonly pr: number | null;
  readonly all: boolean;
}

/** What of a batch a command works on. */
export interface ChosenBatch {
  readonly kind: "chosen";
  readonly pulls: readonly BatchPull[];
  /** In the order in which they reached the default branch. */
  readonly arrivals: readonly Arrival[];
  /** What brought it, as links. */
  readonly sources: readonly string[];
  /** What else should be known. */
  readonly notes: readonly string[];
}

/** Every pull request costs two calls; a day has 24 hourly runs. */
const MOST_ARRIVALS = 30;
const MOST_LISTED = 50;
const MOST_NAMED = 8;

/** Chooses what an id means, or says why that is not clear. An id that several pull requests share is never guessed at. */
export async function chooseBatch(
  id: BatchId,
  { pr, all }: Which,
  found: FoundBatch,
  { repository, place }: { readonly repository: Repository; readonly place: BatchPlace },
): Promise<ChosenBatch | Answer> {
  const { merged, commits, unmerged } = found;
  const wanted = pr === null ? merged : merged.filter(({ number }) => number === pr);
  if (pr !== null && wanted.length === 0) return notOfTheBatch(id, pr, found);
  if (merged.length + commits.length === 0) {
    return unmerged.length > 0 ? neverMerged(id, unmerged) : unknownBatch(id, found, { repository, place });
  }
  const direct = pr === null ? commits : [];
  if (wanted.length + direct.length > 1 && !all) return severalPulls(id, found, { repository, place });
  if (wanted.length + direct.length > MOST_ARRIVALS) {
    const text = `Nothing was changed: \`${id.text}\` is the id of ${merged.length} pull requests, and at most ${MOST_ARRIVALS} are taken back at once. Name one with \`--pr\`.`;
    return { outcome: "refused", text };
  }
  const gone = wanted.find(({ landing }) => landing === null);
  if (gone !== undefined) return commitGone(gone);
  const sources = [...wanted.map(numberLink), ...direct.map(commitLink)];
  return { kind: "chosen", pulls: wanted, arrivals: arrivalsOf(wanted, direct), sources, notes: notesOn(found) };
}

function arrivalsOf(pulls: readonly BatchPull[], commits: FoundBatch["commits"]): readonly Arrival[] {
  const fromPulls = pulls.flatMap(({ landing, commits: count, headlines }) =>
    landing === null ? [] : [{ landing, commits: count, headlines }],
  );
  const direct = commits.map(({ landing, headline }) => ({ landing, commits: 1, headlines: [headline] }));
  return [...fromPulls, ...direct].toSorted((a, b) => Date.parse(a.landing.date) - Date.parse(b.landing.date));
}

function notesOn({ unmerged }: FoundBatch): readonly string[] {
  const open = unmerged.filter(({ state }) => state === "open");
  if (open.length === 0) return [];
  return [`Not merged yet, and not part of this: ${open.map(numberLink).join(", ")}. Close what must not be merged.`];
}

function notOfTheBatch(id: BatchId, pr: number, { merged, unmerged }: FoundBatch): Answer {
  const waiting = unmerged.find(({ number }) => number === pr);
  if (waiting !== undefined) return neverMerged(id, [waiting]);
  const known = merged.map(numberLink).join(", ");
  const those = known === "" ? "No merged pull request has that id." : `Those are ${known}.`;
  return { outcome: "refused", text: `#${pr} is not one of the merged pull requests of \`${id.text}\`. ${those}` };
}

function neverMerged(id: BatchId, pulls: readonly BatchPull[]): Answer {
  const open = pulls.filter(({ state }) => state === "open");
  const which = pulls.map((pull) => `${numberLink(pull)} (${pull.state})`).join(", ");
  const way =
    open.length === 0
      ? "There is nothing to take back."
      : `There is nothing to take back: **close ${open.map(numberLink).join(" and ")}** and it never will be merged.`;
  return { outcome: "refused", text: `\`${id.text}\` was not merged: ${which}. ${way}` };
}

async function unknownBatch(
  id: BatchId,
  { others }: FoundBatch,
  { repository, place }: { readonly repository: Repository; readonly place: BatchPlace },
): Promise<Answer> {
  const seen = others.length > 0 ? others : await latestIds(repository, place);
  const near = nearestBatchIds(id, seen).map(({ text }) => `\`${text}\``);
  const way = near.length === 0 ? "This repository has no batches." : `The nearest are ${near.join(", ")}.`;
  return { outcome: "refused", text: `No batch of this repository has the id \`${id.text}\`. ${way}` };
}

async function latestIds(repository: Repository, place: BatchPlace): Promise<readonly BatchId[]> {
  const { batches } = await latestBatches(repository, place);
  return batches.flatMap(({ claim }) =>
    claim.kind === "stated" ? claim.ids : claim.kind === "dated" ? [claim.id] : [],
  );
}

function commitGone(pull: BatchPull): Answer {
  const text = `**Nothing was changed**: the commit that merged ${numberLink(pull)} is gone from the repository, so that nobody can tell what it changed. Its history was rewritten; revert its files by hand, looking at the pull request.`;
  return { outcome: "failed", text };
}

async function severalPulls(
  id: BatchId,
  { merged, commits }: FoundBatch,
  { repository, place }: { readonly repository: Repository; readonly place: BatchPlace },
): Promise<Answer> {
  const numbers = merged.slice(0, MOST_LISTED).map(({ number }) => number);
  const recipes = await recipesOfPulls(repository, numbers, place.recipes);
  const rows = [
    ...merged.map((pull) => [numberLink(pull), day(pull.mergedAt), recipesText(recipes.get(pull.number))]),
    ...commits.map((commit) => [commitLink(commit), day(commit.landing.date), quote(commit.headline, 80)]),
  ];
  const text = `\`${id.text}\` is the id of ${counted(rows.length, "change")}. **Say which**: \`--pr <number>\` or \`--all\`.\n\n${table(["", "merged", "recipes"], rows, MOST_LISTED)}`;
  return { outcome: "refused", text };
}

function recipesText(shown: ShownRecipes | undefined): string {
  if (shown === undefined) return "";
  const names = shown.names.slice(0, MOST_NAMED).map((name) => quote(name, 40));
  const more = shown.names.length - names.length + shown.more;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function commitLink({ url, landing }: BatchCommit): string {
  return `[\`${landing.sha.slice(0, 9)}\`](${url})`;
}

function day(date: string | null): string {
  return date?.slice(0, 16).replace("T", " ") ?? "";
}
