import { z } from "zod";

/** Where the pipeline keeps what it has made and what it will make. */
export const QUEUE_PATH = "data/queues/priority-queue.json";

const queue = z.object({
  entries: z.array(z.object({ name: z.string(), source: z.string().optional(), status: z.string() })),
});

/**
 * The entries that the pipeline still counts as made although their recipe is not there: it moves an entry to `success`
 * when a recipe appears, never back when one goes. Null when the text is no such queue.
 *
 * @param names of the recipes that went; an entry is meant by its name or by the last part of its source, because the two
 * differ (`task`, `homebrew:go-task`)
 */
export function stillSuccess(text: string, names: ReadonlySet<string>): readonly string[] | null {
  const parsed = queue.safeParse(jsonOf(text)).data;
  if (parsed === undefined) return null;
  return parsed.entries
    .filter(({ status }) => status === "success")
    .filter(({ name, source }) => names.has(name) || names.has(source?.split(/[:/]/).at(-1) ?? ""))
    .map(({ name, source }) => source ?? name);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
