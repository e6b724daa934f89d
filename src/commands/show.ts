import { batchPlace } from "../config/policy.ts";
import { planRollback } from "../domain/batches/rollback-plan.ts";
import { numberLink } from "../domain/number-link.ts";
import { findBatch } from "../github/find-batch.ts";
import { readRollbackFacts } from "../github/rollback-facts.ts";
import { batchId } from "./arguments/batch-id.ts";
import { pullNumber } from "./arguments/pull-number.ts";
import { chooseBatch } from "./batch-choice.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { fateText } from "./fate-text.ts";
import { recipeStates } from "./plan-text.ts";

/** `/batch show`: what a batch introduced and what became of it, without a plan. */
export const show = command({
  verb: "show",
  summary: "Show what a batch introduced, who changed it since, and what became of it.",
  args: { id: batchId(), pr: pullNumber("only this pull request, where several have the id") },
  needs: "read",
  whenLate: "run",
  leniency: "strict",
  examples: ["/batch show 2026-02-18", "/batch show 2026-02-18-homebrew --pr 1234"],
  async run({ id, pr }, { repository, reading }: CommandContext): Promise<Answer> {
    const place = batchPlace(reading.configuration.settings);
    const found = await findBatch(repository, id, place);
    const chosen = await chooseBatch(id, { pr, all: pr === null }, found, { repository, place });
    if ("outcome" in chosen) return chosen;
    const facts = await readRollbackFacts(repository, found.tip, chosen.arrivals, place);
    const states = planRollback(facts, { only: [], includeSwept: false, recipes: `${place.recipes}/` });
    const pulls = chosen.pulls.map((pull) => {
      const fate = fateText(pull.number, found.rollbacks, found.undos);
      return `- ${numberLink(pull)}, merged ${(pull.mergedAt ?? "").slice(0, 16).replace("T", " ")}${fate === "" ? "" : `: ${fate}`}`;
    });
    const text = [
      `Batch \`${id.text}\` reached the default branch with ${chosen.sources.join(", ")}.`,
      ...(pulls.length === 0 ? [] : [pulls.join("\n")]),
      ...chosen.notes,
      recipeStates(states),
    ];
    return { outcome: "done", text: text.join("\n\n") };
  },
});
