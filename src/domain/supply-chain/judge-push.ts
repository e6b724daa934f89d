import { quote } from "../quote.ts";
import type { Finding } from "./rule.ts";

/** By which way a commit reached the default branch. */
export type Provenance =
  | { readonly kind: "merged"; readonly pull: number }
  /** GitHub knows of no pull request onto the default branch that was merged with it. */
  | { readonly kind: "direct" }
  /** It is gone from the repository. */
  | { readonly kind: "unknown" };

/** A commit of a push that touched what is watched. */
export interface PushedCommit {
  readonly sha: string;
  readonly url: string;
  /** Login of the author, or the name in the commit: what it says of itself, no proof. */
  readonly author: string;
  readonly provenance: Provenance;
  /** Recipes that it touched. */
  readonly recipes: readonly string[];
}

/** What a push did, as far as provenance goes. */
export interface PushFacts {
  /** Login of whoever pushed, which GitHub has authenticated. */
  readonly actor: string;
  readonly isForced: boolean;
  readonly before: string;
  readonly after: string;
  readonly commits: readonly PushedCommit[];
}

const MOST_PATHS = 10;

/**
 * What is to be said of how a push came. Neither the author of a commit nor a `(#12)` in its message counts: anybody can
 * write them, and the real pipeline's squash merges have no number.
 */
export function judgePush({ actor, isForced, before, after, commits }: PushFacts): readonly Finding[] {
  const forced: readonly Finding[] = isForced
    ? [
        {
          rule: "force-push",
          subject: after,
          detail: `by ${quote(actor, 40)}: \`${before}\` was replaced by \`${after}\``,
        },
      ]
    : [];
  return [...forced, ...commits.filter(({ recipes }) => recipes.length > 0).flatMap(judgeCommit)];
}

function judgeCommit({ sha, url, author, provenance, recipes }: PushedCommit): readonly Finding[] {
  const named = recipes.slice(0, MOST_PATHS).map((path) => quote(path, 100));
  const more = recipes.length > named.length ? ` and ${recipes.length - named.length} more` : "";
  const what = `[\`${sha.slice(0, 10)}\`](${url}), which names ${quote(author, 40)} as its author: ${named.join(", ")}${more}`;
  switch (provenance.kind) {
    case "merged":
      return [];
    case "direct":
      return [{ rule: "direct-push", subject: sha, detail: what }];
    case "unknown":
      return [{ rule: "unchecked", subject: sha, detail: `${what}; the commit is gone from the repository` }];
  }
}
