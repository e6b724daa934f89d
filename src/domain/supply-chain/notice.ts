import { recipeName } from "../batches/recipe.ts";
import { type Instant, printInstant } from "../instant.ts";
import { quote } from "../quote.ts";
import type { CheckResult } from "./check-result.ts";

/** What is known, when a notice is written, of something that users may have installed. */
export interface NoticeFacts {
  /** `owner/name` of the recipes' repository. */
  readonly repository: string;
  readonly recipes: readonly string[];
  readonly at: Instant;
  readonly found: DriftFound | PushFound;
}

interface DriftFound {
  readonly kind: "drift";
  /** Everything that was looked at, the drift among it. */
  readonly results: readonly CheckResult[];
  /** What stands for `{version}`; null where nothing does. */
  readonly version: string | null;
  /** When the recipe came, ISO 8601; null when it cannot be told. */
  readonly since: string | null;
}

interface PushFound {
  readonly kind: "push";
  /** When it came. */
  readonly pushedAt: Instant;
  /** Sha of the commit before it. */
  readonly before: string;
}

const MOST_NAMED = 20;
const LONGEST = 6000;

/**
 * A notice for those who install from the recipes (runbook section 5, escalation), ready to publish anywhere as Markdown: what
 * happened, to what, since when, what to do. It says what is known and what is not: nothing that was not looked at is called
 * sound, and nobody is called guilty.
 */
export function noticeText(facts: NoticeFacts): string {
  const { repository, recipes, at, found } = facts;
  const names = recipes.map((path) => quote(recipeName(path), 80));
  const what = names.length === 0 ? "recipes" : namesOf(names);
  const text = [
    `# Security notice: ${what} of ${repository}`,
    `As of ${printInstant(at)}. This is looked into; whether anything harmful reached anybody **is not known yet**.`,
    "## What happened",
    ...(found.kind === "drift" ? driftHappened(facts, found) : pushHappened(facts, found)),
    "## Who may be affected",
    found.kind === "drift" ? driftAffects(what, repository, found) : pushAffects(what, repository, found),
    "## What to do",
    [
      `- Do not install or update ${what} until this notice is updated.`,
      ...(found.kind === "drift" ? driftSteps(found) : pushSteps(found)),
      "- If you installed it meanwhile and cannot rule out the change: remove it, and treat what the machine had access to as exposed until more is known.",
    ].join("\n"),
  ].join("\n\n");
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST).toWellFormed()}…`;
}

/** The notice as a part of an incident: folded, and as a text to copy, in which nothing of it works as Markdown. */
export function noticeSection(facts: NoticeFacts): string {
  const notice = noticeText(facts);
  const longest = Math.max(2, ...Array.from(notice.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `<details>
<summary>Notice for downstream users, ready to publish: read it before</summary>

${fence}markdown
${notice}
${fence}

</details>`;
}

function driftHappened({ recipes }: NoticeFacts, { results }: DriftFound): readonly string[] {
  return [
    `What ${namesOf(recipes.map((path) => quote(path, 150)))} downloads was compared with the checksums that were published for it:`,
    results.slice(0, MOST_NAMED).map(resultText).join("\n"),
    "Who changed the file, when and why is not known. A publisher that makes an archive anew changes its checksum as well.",
  ];
}

function resultText(result: CheckResult): string {
  const url = quote(result.check.url, 200);
  switch (result.kind) {
    case "drift":
      return `- ${url}: **changed**, ${result.published.name} \`${result.published.digits}\` was published, \`${result.found.digits}\` was downloaded`;
    case "same":
      return `- ${url}: as published`;
    case "unchecked":
      return `- ${url}: could not be checked, which is not to say that it is sound`;
  }
}

function driftAffects(what: string, repository: string, { version, since }: DriftFound): string {
  const which = version === null ? "" : `, version ${quote(version, 70)},`;
  const named = since === null ? "" : ` The recipe has been there since ${since.slice(0, 10)}.`;
  return `Whoever installed ${what}${which} by the recipes of ${repository}.${named} When the file changed is not known, so that no date is safe. An installation that compared the checksum has refused the changed file. Other recipes were not looked at for this notice.`;
}

function driftSteps({ results }: DriftFound): readonly string[] {
  return results.flatMap((result) =>
    result.kind === "drift"
      ? [
          `- Compare the file that you have of ${quote(result.check.url, 200)} (\`${result.published.name}sum <file>\`): \`${result.published.digits}\` is the one that was published.`,
        ]
      : [],
  );
}

function pushHappened({ recipes }: NoticeFacts, { pushedAt }: PushFound): readonly string[] {
  const when = printInstant(pushedAt);
  if (recipes.length === 0)
    return [
      `The history of the recipes was rewritten at ${when}. Which of them differ from what was reviewed is not known.`,
    ];
  const lines = recipes.slice(0, MOST_NAMED).map((path) => `- ${quote(path, 150)}`);
  const more = recipes.length > MOST_NAMED ? [`- and ${recipes.length - MOST_NAMED} more`] : [];
  return [
    `These recipes were changed at ${when} by a push that belongs to no merged pull request, so that no review of it is on record:`,
    [...lines, ...more].join("\n"),
    "Whether the change is harmful is not known.",
  ];
}

function pushAffects(what: string, repository: string, { pushedAt }: PushFound): string {
  return `Whoever installed ${what} by the recipes of ${repository} since ${printInstant(pushedAt)}. What was installed before is not affected by this push; nothing else was looked at for this notice.`;
}

function pushSteps({ before }: PushFound): readonly string[] {
  return [`- Compare the recipe that you used with the one of commit \`${before}\`, the last before that push.`];
}

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  return new Intl.ListFormat("en").format(
    names.length > shown.length ? [...shown, `${names.length - shown.length} more`] : shown,
  );
}
