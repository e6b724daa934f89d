import { batchPlace } from "../config/policy.ts";
import { claimedIds } from "../domain/batches/batch-claim.ts";
import type { Ecosystem } from "../domain/ecosystem.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import type { BatchPull } from "../github/batch-pull.ts";
import { type LatestBatches, latestBatches } from "../github/latest-batches.ts";
import { ecosystem } from "./arguments/ecosystem.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { fateText } from "./fate-text.ts";
import { table } from "./markdown.ts";

/** `/batch batches`: the recent batches and what became of each. */
export const batches = command({
  verb: "batches",
  summary: "List the recent batches and what became of each.",
  args: { ecosystem: ecosystem({ optional: true }) },
  needs: "read",
  whenLate: "run",
  leniency: "strict",
  examples: ["/batch batches", "/batch batches homebrew"],
  async run({ ecosystem: only }, { repository, reading }: CommandContext): Promise<Answer> {
    const found = await latestBatches(repository, batchPlace(reading.configuration.settings));
    const shown = found.batches.filter(({ ecosystems }) => only === null || isOf(ecosystems, only));
    return { outcome: "done", text: shown.length === 0 ? none(only) : listText(shown, found) };
  },
});

const MOST_SHOWN = 25;

/** A batch that names no ecosystem may be of any. */
function isOf(ecosystems: readonly string[], only: Ecosystem): boolean {
  return ecosystems.length === 0 || ecosystems.includes(only);
}

function none(only: Ecosystem | null): string {
  return only === null ? "This repository has no batches." : `None of the recent batches is of \`${only}\`.`;
}

function listText(shown: readonly BatchPull[], { rollbacks, undos }: LatestBatches): string {
  const rows = shown.map((pull) => {
    const ids = claimedIds(pull.claim).map(({ text }) => `\`${text}\``);
    const fate = pull.state === "merged" ? fateText(pull.number, rollbacks, undos) : "";
    const state = pull.state === "closed" ? "closed, not merged" : pull.state;
    return [ids.join(", "), numberLink(pull), quote(pull.title, 80), day(pull), fate === "" ? state : fate];
  });
  return `${table(["batch", "", "title", "when", "what became of it"], rows, MOST_SHOWN)}\n\n\`/batch show <batch-id>\` shows the recipes of one.`;
}

function day({ mergedAt, createdAt }: BatchPull): string {
  return (mergedAt ?? createdAt).slice(0, 16).replace("T", " ");
}
