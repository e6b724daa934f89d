import { expect, test } from "vitest";
import { replayProvenance } from "../../replay/provenance.ts";

const folder = process.env.BATCHKEEPER_REAL_DATA;

test.skipIf(!folder)(
  "of the recorded history, no commit is called a direct push, and few origins changed",
  async () => {
    const { rows, differences } = await replayProvenance(folder ?? "");
    expect(rows).toHaveLength(17);
    expect(differences).toEqual([]);
  },
);
