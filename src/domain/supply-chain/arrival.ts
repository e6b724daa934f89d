import { numberLink } from "../number-link.ts";
import { quote } from "../quote.ts";

/** Something that changed recipes on the default branch. */
export interface Arrival {
  readonly sha: string;
  readonly url: string;
  readonly title: string;
  /** ISO 8601. */
  readonly date: string;
  readonly author: string;
  /** The merged pull request that it came by; null for what came by none. */
  readonly pull: { readonly number: number; readonly url: string } | null;
  /** Ids of the batches that it says it is; usually one or none. */
  readonly batches: readonly string[];
  readonly ecosystems: readonly string[];
  /** Null where GitHub does not tell without another call: what came by no pull request. */
  readonly recipes: readonly { readonly path: string; readonly isNew: boolean }[] | null;
  /** Whether there are more recipes than are listed. */
  readonly isCut: boolean;
}

const MOST_NAMED = 12;

/** One line of a list: when, what, by which way, and which recipes. */
export function arrivalLine({ url, sha, title, date, author, pull, batches, recipes, isCut }: Arrival): string {
  const when = date.slice(0, 16).replace("T", " ");
  const way = pull === null ? `**by no merged pull request**, [\`${sha.slice(0, 10)}\`](${url})` : numberLink(pull);
  const batch = batches.length === 0 ? "" : `, batch ${batches.map((id) => `\`${id}\``).join(", ")}`;
  const named = (recipes ?? [])
    .slice(0, MOST_NAMED)
    .map(({ path, isNew }) => `${isNew ? "" : "changed "}${quote(path, 100)}`);
  const left = (recipes ?? []).length - named.length;
  const more = left > 0 || isCut ? [isCut ? "and more" : `and ${left} more`] : [];
  const what = recipes === null ? "" : `: ${[...named, ...more].join(", ")}`;
  return `- ${when} ${way}${batch}, ${quote(title, 80)} by ${quote(author, 40)}${what}`;
}
