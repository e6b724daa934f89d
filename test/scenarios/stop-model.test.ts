import { fc } from "@fast-check/vitest";
import { test } from "vitest";
import { begin } from "./stop-comparison.ts";
import { StopModel } from "./stop-model.ts";
import { sequences } from "./stop-step.ts";

// Each is dozens of calls to two servers for every step.
const SEQUENCES = 4;

test("after every step of any sequence the control file, the gates, auto-merge and the workflows are as a simple model says", {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const real = await begin();
      try {
        await fc.asyncModelRun(() => ({ model: new StopModel(), real }), sequence);
      } finally {
        await real.world.close();
      }
    }),
    { numRuns: SEQUENCES, endOnFailure: true },
  );
});
