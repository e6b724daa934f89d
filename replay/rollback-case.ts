import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const caseShape = z.object({
  batch_id: z.string(),
  commits: z.array(
    z.object({
      sha: z.string(),
      date: z.string(),
      subject: z.string(),
      pr: z.array(z.number()),
      merged_as: z.string().nullable(),
    }),
  ),
  squash_merges: z.array(z.string()),
  squash_messages: z.record(z.string(), z.string()),
  branch_message: z.string(),
  paths: z.record(
    z.string(),
    z.object({
      today: z.enum(["modified", "present-unchanged", "gone", "never-merged-but-path-on-main", "never-merged-absent"]),
      /** Abbreviated. */
      merged_in: z.string().nullable(),
      merged_content: z.string().optional(),
      today_content: z.string().nullish(),
      ideal: z.string(),
    }),
  ),
});

/** A real batch: what it put where, what became of it, and what a rollback of it should do today. */
export type RollbackCase = z.output<typeof caseShape>;

/** @throws when the file is missing or of another shape. */
export function readRollbackCases(folder: string): readonly RollbackCase[] {
  const text = readFileSync(join(folder, "upstream", "rollback-cases.json"), "utf8");
  return z.array(caseShape).parse(JSON.parse(text));
}
