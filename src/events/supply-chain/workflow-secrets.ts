import type { Configuration } from "../../config/schema.ts";
import { secretNames } from "../../domain/supply-chain/response.ts";
import { readTexts } from "../../github/file-change.ts";
import type { Repository } from "../../github/repository.ts";
import { watchedFiles } from "./watch-push.ts";

/**
 * The names of the secrets that the batch workflows use, at a commit: one call. Null when it fails: a stop does not wait
 * for it.
 */
export async function workflowSecrets(
  repository: Repository,
  commit: string,
  settings: Configuration,
): Promise<readonly string[] | null> {
  try {
    const texts = await readTexts(repository, commit, [...watchedFiles(settings).workflows]);
    return [...new Set(texts.flatMap(secretNames))].sort();
  } catch {
    return null;
  }
}
