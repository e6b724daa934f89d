import { recipeName } from "../batches/recipe.ts";
import { oneLine, quote } from "../quote.ts";
import { type NoticeFacts, noticeText } from "./notice.ts";

/** What there is of a security advisory. */
export type AdvisoryState =
  /** The settings have none drafted. */
  | { readonly kind: "off" }
  | { readonly kind: "pending" }
  | { readonly kind: "drafted"; readonly id: string; readonly url: string }
  /** GitHub did not take it; `why` in GitHub's words. */
  | { readonly kind: "refused"; readonly isPermission: boolean; readonly why: string };

/** A draft of a security advisory. Nobody sees it but those who look after the security of the repository. */
export interface AdvisoryDraft {
  /** One line of plain text. */
  readonly summary: string;
  /** Markdown. */
  readonly description: string;
  /** What may be affected; at least one. */
  readonly packages: readonly { readonly name: string; readonly versions: string | null }[];
}

const MOST_PACKAGES = 20;

/** What is drafted: the notice for users, for a person to complete before anybody else sees it. */
export function advisoryDraft(facts: NoticeFacts, incidentUrl: string): AdvisoryDraft {
  const { repository, recipes, found } = facts;
  const names = recipes.map((path) => oneLine(recipeName(path), 60));
  const which = names.length === 0 ? repository : `${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}`;
  const versions = found.kind === "drift" && found.version !== null ? `= ${found.version}` : null;
  return {
    summary:
      found.kind === "drift"
        ? `A download of ${which} is not what was published`
        : `Recipes were changed without a review: ${which}`,
    description: `Drafted by Batchkeeper from ${incidentUrl}. Complete it before it is published, or close it if nothing was compromised.\n\n${noticeText(facts)}`,
    packages: (names.length === 0 ? [repository] : names).slice(0, MOST_PACKAGES).map((name) => ({ name, versions })),
  };
}

const BEGIN = "**Security advisory:** needed if recipes that were published contained something compromised.";
const BY_HAND = "open one by hand, on the page *Security* of this repository, under *Advisories*";

/** The line of a checklist that says what there is of an advisory, and what is left to a person. */
export function advisoryStep(state: AdvisoryState): string {
  switch (state.kind) {
    case "off":
      return `${BEGIN} The settings have none drafted (\`incidents.advisory\`): ${BY_HAND}.`;
    case "pending":
      return `${BEGIN} A draft is being made.`;
    case "drafted":
      return `${BEGIN} [\`${state.id}\`](${state.url}) is a draft, which nobody sees but those who look after the security of this repository: complete and publish it there, or close it.`;
    case "refused": {
      const grant = state.isPermission
        ? " Give the app the permission `Repository security advisories: write` in its settings, and accept it for this installation: then the next finding makes a draft. In private repositories GitHub has advisories only with Advanced Security."
        : "";
      return `${BEGIN} GitHub let this app draft none (${quote(state.why, 160)}).${grant} Until then ${BY_HAND}.`;
    }
  }
}

const LINE = /^(- \[[ xX]\] )\*\*Security advisory:\*\* .*$/m;

/** The body of an incident with that line written anew; null where it has none, or people have taken it out. */
export function withAdvisory(body: string, state: AdvisoryState): string | null {
  if (!LINE.test(body)) return null;
  return body.replace(LINE, (_, box: string) => `${box}${advisoryStep(state)}`);
}
