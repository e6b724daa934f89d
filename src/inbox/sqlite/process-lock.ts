import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Another process works on the same folder: two would hand out the same deliveries. */
class FolderInUse extends Error {
  override readonly name = "FolderInUse";
  constructor(folder: string) {
    super(`DATA_DIR ${folder} is in use by another Batchkeeper: stop that one, or give this one a folder of its own`);
  }
}

/**
 * Keeps a folder for this process until the lock is released, or the process ends in any way: the lock is the operating
 * system's, on a file that holds nothing, so that other programs may still look into the inbox itself.
 * @throws {FolderInUse} when another process has it.
 */
export function lockFolder(folder: string): { release(): void } {
  const lock = new DatabaseSync(join(folder, "lock.sqlite"));
  try {
    lock.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (error instanceof Error && /locked/.test(error.message)) throw new FolderInUse(folder);
    throw error;
  }
  return { release: () => lock.close() };
}
