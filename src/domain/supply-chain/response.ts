import { quote } from "../quote.ts";
import { type AdvisoryState, advisoryStep } from "./advisory.ts";

/** What the checklist of a critical security incident is made from. */
export interface ResponseFacts {
  /** Batch that brought what was found; null when none is known. */
  readonly batch: string | null;
  /** Names of the secrets that the batch workflows use; null when they could not be read. */
  readonly secrets: readonly string[] | null;
  /** The security hold; null where the settings say that nothing is stopped. */
  readonly hold: string | null;
  readonly advisory: AdvisoryState;
  /** The command that accepts what was found, if it is benign; null where there is none. */
  readonly accept: string | null;
}

/** What to do, in this order, once the pipeline is stopped (runbook section 5): lines of Markdown, with commands to copy. */
export function responseSteps({ batch, secrets, hold, advisory, accept }: ResponseFacts): readonly string[] {
  const stopped =
    hold === null
      ? "Stop the pipeline: `/batch stop suspected compromise`. The settings have nothing stopped by itself (`supply_chain.stop`)."
      : `It is stopped; lifting the hold takes two people: \`/batch resume --hold ${hold}\`.`;
  const rollback =
    batch === null
      ? "take back what was found, by a pull request, or by `/batch rollback <batch id>` what a batch brought (`/batch batches` names it)."
      : `take back the batch that brought it: \`/batch rollback ${batch} --dry-run\` shows how; without \`--dry-run\` it proposes it.`;
  const benign =
    accept === null
      ? "**If it is benign:** say here why, then lift the hold."
      : `**If it is benign**, because the publisher made the file anew: ${quote(accept)} proposes the checksum of now to a second operator, with the drift in its commit.`;
  return [
    stopped,
    `**If a compromise is confirmed:** ${rollback}`,
    "`/batch audit --since 7d` lists what else changed recipes, and how each came.",
    `Rotate ${secretsText(secrets)}.`,
    advisoryStep(advisory),
    "Tell those who may have installed it meanwhile: the notice below is ready to publish.",
    benign,
  ].map((step) => `[ ] ${step}`);
}

const MOST_SECRETS = 40;

function secretsText(secrets: readonly string[] | null): string {
  if (secrets === null) return "the secrets of the batch workflows, which could not be read to name them";
  if (secrets.length === 0) return "what the batch workflows could reach: they name no secret";
  const named = secrets.slice(0, MOST_SECRETS).map((name) => `\`${name}\``);
  const more = secrets.length > MOST_SECRETS ? [`and ${secrets.length - MOST_SECRETS} more`] : [];
  return `the secrets of the batch workflows: ${[...named, ...more].join(", ")}`;
}

/** The names of the secrets that a workflow uses, never their values, which nobody can read; sorted. */
export function secretNames(workflow: string): readonly string[] {
  const found = [...workflow.matchAll(/\bsecrets(?:\.|\[\s*['"])([A-Za-z_][A-Za-z0-9_]{0,99})/g)];
  return [...new Set(found.map((match) => match[1] ?? ""))].sort();
}
