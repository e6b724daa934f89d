import { isSweep, type LaterCommit, SWEEP_OVER } from "../domain/batches/later-commit.ts";
import { recipeName } from "../domain/batches/recipe.ts";
import type { ChangedPath, KeepReason, PlannedPath, RollbackPlan } from "../domain/batches/rollback-plan.ts";
import { counted } from "../domain/counted.ts";
import { quote } from "../domain/quote.ts";
import { table } from "./markdown.ts";

/** Rows of a table; GitHub takes 65,536 characters of a text, and a person reads fewer. */
const MOST_ROWS = 100;
const MOST_NAMED = 5;
const LONGEST_PATH = 160;

/** A plan in numbers: `3 recipes are deleted, 1 is restored, 2 are kept.` */
export function planSummary(plan: RollbackPlan): string {
  const parts = [
    part(plan, ["delete"], "deleted"),
    part(plan, ["restore"], "restored to what it was"),
    part(plan, ["keep"], "kept"),
    part(plan, ["gone"], "already gone"),
    part(plan, ["as-before"], "already as before the batch"),
  ].filter((text) => text !== "");
  return parts.length === 0
    ? "The batch has no recipes."
    : `**${counted(plan.length, "recipe")}**: ${parts.join(", ")}.`;
}

function part(plan: RollbackPlan, actions: readonly PlannedPath["action"][], words: string): string {
  const count = plan.filter(({ action }) => actions.includes(action)).length;
  return count === 0 ? "" : `${count} ${words}`;
}

/** A plan path by path: first what a person should think about, what is plain behind a fold. */
export function planTables(plan: RollbackPlan): string {
  const rows = plan.map((planned) => ({ planned, cells: rowOf(planned) }));
  const notable = rows.filter(({ planned, cells }) => planned.action !== "as-before" && cells[2] !== "");
  const plain = rows.filter((row) => !notable.includes(row));
  const head = ["recipe", "what happens", "because"];
  const first =
    notable.length === 0
      ? []
      : [
          table(
            head,
            notable.map(({ cells }) => cells),
            MOST_ROWS,
          ),
        ];
  if (plain.length === 0) return first.join("\n\n");
  const simple = table(
    ["recipe", "what happens"],
    plain.map(({ cells }) => cells.slice(0, 2)),
    MOST_ROWS,
  );
  if (plain.length <= MOST_NAMED * 2) return [...first, simple].join("\n\n");
  const summary = `<details><summary>${counted(plain.length, "recipe")} without anything to think about</summary>`;
  return [...first, `${summary}\n\n${simple}\n\n</details>`].join("\n\n");
}

/** The same facts without a plan: how each recipe of a batch stands today. */
export function recipeStates(plan: RollbackPlan): string {
  const rows = plan.map((planned) => [quote(planned.path, LONGEST_PATH), stateOf(planned), rowOf(planned)[2]]);
  return rows.length === 0 ? "It has no recipes." : table(["recipe", "today", ""], rows, MOST_ROWS);
}

function stateOf(planned: PlannedPath): string {
  switch (planned.action) {
    case "delete":
      return "added by the batch, as it was";
    case "restore":
      return "changed by the batch, as it was";
    case "keep":
      return planned.why.kind === "changed" ? "changed since" : "as the batch left it";
    case "gone":
      return "gone";
    case "as-before":
      return "as before the batch";
  }
}

function rowOf(planned: PlannedPath): readonly [string, string, string] {
  const path = quote(planned.path, LONGEST_PATH);
  switch (planned.action) {
    case "delete":
      return [path, "deleted", [takenText(planned), dependentsText(planned.dependents)].filter(Boolean).join("; ")];
    case "restore":
      return [path, "restored to what it was", takenText(planned)];
    case "keep":
      return [path, "**kept**", keepText(planned.why)];
    case "gone": {
      const moved = planned.movedTo === null ? "" : `its content is now ${quote(planned.movedTo, LONGEST_PATH)}`;
      return [path, "already gone", [moved, commitsText("removed by", planned.since)].filter(Boolean).join("; ")];
    }
    case "as-before":
      return [path, "already as before the batch", ""];
  }
}

function takenText({ swept, isPartial }: Pick<ChangedPath, "swept" | "isPartial">): string {
  const sweeps = swept.length === 0 ? "" : commitsText("with the sweep", swept);
  const partly = isPartial ? "changed by others in between, so that older changes of the batch stay" : "";
  return [sweeps, partly].filter(Boolean).join("; ");
}

function dependentsText(dependents: readonly string[]): string {
  if (dependents.length === 0) return "";
  const names = dependents.slice(0, MOST_NAMED).map((path) => quote(recipeName(path), 60));
  const more = dependents.length > MOST_NAMED ? ` and ${dependents.length - MOST_NAMED} more` : "";
  return `⚠️ needed by ${names.join(", ")}${more}`;
}

function keepText(why: KeepReason): string {
  switch (why.kind) {
    case "changed": {
      if (why.since.length === 0) return "changed since, by commits that GitHub does not list";
      const sweeps = why.onlySwept
        ? ` (only by sweeps over ${SWEEP_OVER} recipes: \`--include-swept\` takes it back)`
        : "";
      return `${commitsText("changed since by", why.since)}${sweeps}`;
    }
    case "curated":
      return "curated: a person answers for it";
    case "in-the-way":
      return `${quote(why.other, LONGEST_PATH)} stands where it was`;
    case "not-chosen":
      return "not meant by `--only`";
  }
}

/** Commits and people, newest first. */
function commitsText(words: string, commits: readonly LaterCommit[]): string {
  if (commits.length === 0) return "";
  const named = commits.slice(0, MOST_NAMED).map((commit) => {
    const sweep = isSweep(commit) ? `, a sweep over more than ${SWEEP_OVER} recipes` : "";
    return `[\`${commit.sha.slice(0, 9)}\`](${commit.url}) by ${quote(commit.author, 40)} (${quote(commit.headline, 80)}${sweep})`;
  });
  const more = commits.length > MOST_NAMED ? `, and ${commits.length - MOST_NAMED} more` : "";
  return `${words} ${named.join(", ")}${more}`;
}
