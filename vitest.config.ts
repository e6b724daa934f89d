import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    // Every test makes the world that it needs, so that files can share a worker: a third of the time.
    isolate: false,
    // Tests mostly wait for each other's processes: more workers than a small machine has cores.
    maxWorkers: 3,
  },
});
