import { describe, expect, test } from "vitest";
import { realDataFolder } from "../../replay/real-data.ts";
import { answerCase } from "../../replay/rollback.ts";
import { readRollbackCases } from "../../replay/rollback-case.ts";

const folder = process.env.BATCHKEEPER_REAL_DATA === undefined ? null : realDataFolder();

describe.skipIf(folder === null)("real batches", () => {
  const cases = folder === null ? [] : readRollbackCases(folder);

  test("there are 16", () => expect(cases).toHaveLength(16));

  test.for(cases.map((recorded) => [recorded.batch_id, recorded] as const))(
    "%s: every path is answered as recorded",
    async ([, recorded]) => {
      const { paths } = await answerCase(recorded);
      expect(paths.map(({ path, answer }) => [path, answer])).toEqual(paths.map(({ path, ideal }) => [path, ideal]));
    },
  );
});
