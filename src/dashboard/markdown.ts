import { quote } from "../domain/quote.ts";
import type { Part } from "../view/repository-view.ts";
import type { Grade } from "../view/verdict.ts";

/** What a state looks like where there are no colours. */
export const SIGNS: Readonly<Record<Grade, string>> = { ok: "🟢", warn: "🟡", stop: "🔴" };

const LONGEST_LINK = 300;

/** A link to an address that somebody else wrote; only its words, where it is none that can stand in Markdown as it is. */
export function linkTo(url: string, words: string): string {
  const isSafe = url.length <= LONGEST_LINK && /^https?:\/\/[^\s<>()[\]\\"'`|]+$/.test(url);
  return isSafe ? `[${words}](${url})` : words;
}

/** Items of a list, and how many are left out. */
export function list<T>(items: readonly T[], most: number, item: (value: T) => string): string {
  const lines = items.slice(0, most).map((value) => `- ${item(value)}`);
  return [...lines, ...(items.length > most ? [`- … and ${items.length - most} more.`] : [])].join("\n");
}

/** A list that was read from GitHub; what could not be read is not shown as empty. */
export function partList<T>(
  part: Part<readonly T[]>,
  { none, most }: { readonly none: string; readonly most: number },
  item: (value: T) => string,
): string {
  if (part.kind === "unknown") return `Could not be read from GitHub (${quote(part.why, 160)}).`;
  return part.value.length === 0 ? none : list(part.value, most, item);
}

/** A diagram that GitHub draws. */
export function mermaid(lines: readonly string[]): string {
  return ["```mermaid", ...lines, "```"].join("\n");
}
