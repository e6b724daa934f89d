/** What the checklist of a critical security incident is made from. */
export interface ResponseFacts {
  /** Batch that brought what was found; null when none is known. */
  readonly batch: string | null;
  /** Names of the secrets that the batch workflows use; null when they could not be read. */
  readonly secrets: readonly string[] | null;
  /** The security hold; null where the settings say that nothing is stopped. */
  readonly hold: string | null;
}

/** What to do, in this order, once the pipeline is stopped (runbook section 5): a list in Markdown with commands to copy. */
export function responseChecklist({ batch, secrets, hold }: ResponseFacts): string {
  const stopped =
    hold === null
      ? "Stop the pipeline: `/batch stop suspected compromise`. The settings have nothing stopped by itself (`supply_chain.stop`)."
      : `It is stopped; lifting the hold takes two people: \`/batch resume --hold ${hold}\`.`;
  const rollback =
    batch === null
      ? "Take back what was found: by a pull request, or `/batch rollback <batch id>` for what a batch brought (`/batch batches` names it)."
      : `Take back the batch that brought it: \`/batch rollback ${batch} --dry-run\` shows how; without \`--dry-run\` it proposes it.`;
  return [
    stopped,
    rollback,
    "`/batch audit --since 7d` lists what else changed recipes, and how each came.",
    `Rotate ${secretsText(secrets)}.`,
    "Tell those who may have installed it meanwhile: what, from when to when, and how to find out.",
  ]
    .map((step) => `- [ ] ${step}`)
    .join("\n");
}

function secretsText(secrets: readonly string[] | null): string {
  if (secrets === null) return "the secrets of the batch workflows, which could not be read to name them";
  if (secrets.length === 0) return "what the batch workflows could reach: they name no secret";
  return `the secrets of the batch workflows: ${secrets.map((name) => `\`${name}\``).join(", ")}`;
}

/** The names of the secrets that a workflow uses, never their values, which nobody can read; sorted. */
export function secretNames(workflow: string): readonly string[] {
  const found = [...workflow.matchAll(/\bsecrets(?:\.|\[\s*['"])([A-Za-z_][A-Za-z0-9_]{0,99})/g)];
  return [...new Set(found.map((match) => match[1] ?? ""))].sort();
}
