import { existsSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";

const MEMORY = "/dev/shm";
const ENOUGH_BYTES = 2 ** 30;

/** Where tests put their folders: what they write is thrown away, and in memory a commit does not wait for a disk. */
function scratchFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ENOUGH_BYTES ? MEMORY : tmpdir();
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    env: { TMPDIR: scratchFolder() },
    setupFiles: ["test/property-reports.ts"],
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    // Every test makes the world that it needs, so that files can share a worker: a third of the time.
    isolate: false,
    // Tests mostly wait for each other's processes: more workers than a small machine has cores.
    maxWorkers: 3,
  },
});
