import { type BatchId, parseBatchId } from "../../domain/batches/batch-id.ts";
import { quote } from "../../domain/quote.ts";
import type { Positional } from "../argument.ts";
import { bareWord, foreignCharacters } from "../character.ts";

/** The id of a batch: one word, required. */
export function batchId(): Positional<BatchId> {
  return {
    kind: "positional",
    usage: "<batch-id>",
    read([typed]) {
      if (typed === undefined) return { kind: "problem", text: `It needs the id of a batch: ${FORMS}.`, used: 0 };
      const id = parseBatchId(bareWord(typed));
      if (id !== null) return { kind: "value", value: id, used: 1 };
      return { kind: "problem", text: describeNoId(bareWord(typed)), used: 1 };
    },
  };
}

const FORMS =
  "`2026-01-28-001`, `2026-02-18`, `2026-02-18-homebrew` or `<run id>-20260218`; `/batch batches` lists them";

function describeNoId(word: string): string {
  const foreign = foreignCharacters(word);
  const culprit = foreign === "" ? "" : ` (it contains ${foreign})`;
  const elsewhere = /[/#]/.test(word) ? " A batch of another repository is rolled back there." : "";
  return `${quote(word, 80)} is no batch id${culprit}. Ids look like ${FORMS}.${elsewhere}`;
}
