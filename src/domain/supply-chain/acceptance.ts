import { quote } from "../quote.ts";
import type { Check, Fill } from "./check-plan.ts";
import { type CheckResult, type Drift, resultLine } from "./check-result.ts";
import { type ChecksumChange, replaceChecksums } from "./replace-checksum.ts";

/** What becomes of a recipe whose drift somebody wants to accept. */
export type Acceptance =
  /** The recipe with the checksums of now; `others` is what else was looked at. */
  | {
      readonly kind: "change";
      readonly text: string;
      readonly changes: readonly ChecksumChange[];
      readonly others: readonly CheckResult[];
    }
  /** Nothing is changed; why, in Markdown. */
  | { readonly kind: "nothing"; readonly why: string };

/** Decides by what was measured: only a checksum that the recipe gives itself and that drifts now is changed. */
export function decideAcceptance(
  { path, text, fill }: { readonly path: string; readonly text: string; readonly fill: Fill },
  results: readonly CheckResult[],
): Acceptance {
  const nothing = (why: string): Acceptance => ({
    kind: "nothing",
    why: [why, results.map(resultLine).join("\n")].filter((part) => part !== "").join("\n\n"),
  });
  const drifts = results.filter((result) => result.kind === "drift");
  if (drifts.length === 0) {
    return results.some(({ kind }) => kind === "unchecked") || results.length === 0
      ? nothing(
          `**Nothing was changed**: what ${quote(path, 150)} downloads could not be compared, which is not a "no". Repeat the command.`,
        )
      : nothing(
          `**No drift any more**: what ${quote(path, 150)} downloads is what was published. Nothing was changed.`,
        );
  }
  const own = drifts.filter(({ check }) => check.published.kind === "hash");
  if (own.length === 0)
    return nothing(
      publishedElsewhere(
        path,
        drifts.map(({ check }) => check),
      ) ?? "",
    );
  const changes = own.map(changeOf);
  const changed = replaceChecksums(text, fill, changes);
  if (changed === null)
    return nothing(
      `**Nothing was changed**: where in ${quote(path, 150)} the checksum stands cannot be told for certain. Change it by a pull request of your own, with this in its commit message:`,
    );
  return {
    kind: "change",
    text: changed,
    changes,
    others: results.filter((result) => !own.some((one) => one === result)),
  };
}

/** What is said where the checksums are in lists that the publisher keeps; null where a recipe gives one itself. */
export function publishedElsewhere(path: string, checks: readonly Check[]): string | null {
  const lists = checks.flatMap(({ published }) => (published.kind === "list" ? [published.url] : []));
  if (lists.length < checks.length) return null;
  const named = [...new Set(lists)].map((url) => quote(url, 200)).join(", ");
  return `**There is nothing to change in this repository**: ${quote(path, 150)} gives no checksum itself, it names the list of its publisher, ${named}. Once that list and the file agree, \`/batch verify\` says so.`;
}

/** What is changed, each in a line. */
export function changeLines(changes: readonly ChecksumChange[]): string {
  return changes
    .map(({ url, from, to }) => `- ${quote(url, 300)}: ${from.name} \`${from.digits}\` → \`${to.digits}\``)
    .join("\n");
}

function changeOf({ check, published, found }: Drift): ChecksumChange {
  return { url: check.url, from: published, to: found };
}
