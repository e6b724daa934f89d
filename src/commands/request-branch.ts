import type { Request } from "./context.ts";

/**
 * The branch of what a command asks for. It bears the comment's id, so that the same comment delivered twice finds what it
 * made. Git refuses names such as `a..b` and `a.lock`, which ecosystems and recipes may have.
 *
 * @param begins never `batch/`, which the pipeline takes for a batch of its own
 * @param longest characters of the words
 */
export function requestBranch(
  begins: string,
  words: string,
  { comment, position }: Pick<Request, "comment" | "position">,
  longest: number,
): string {
  const slug = words
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, longest);
  return `${begins}${slug}-${comment.id}${position === 0 ? "" : `-${position}`}`;
}
