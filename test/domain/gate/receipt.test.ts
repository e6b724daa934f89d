import { expect, test } from "vitest";
import { NO_FACTS, receiptText } from "../../../src/domain/gate/receipt.ts";

const at = Date.UTC(2026, 0, 28, 14, 32, 59);
const linked = (...numbers: number[]) => numbers.map((number) => ({ number, url: `https://g.test/${number}` }));

test("a receipt counts and names what was done, in one line with its time", () => {
  const facts = {
    ...NO_FACTS,
    cancelled: linked(71, 72),
    held: linked(12),
    ended: linked(70),
    autoMergeOff: linked(12),
  };
  expect(receiptText(facts, "in force", at)).toBe(
    "14:32Z: in force; 2 runs cancelled ([71](https://g.test/71), [72](https://g.test/72)), " +
      "1 run had already finished ([70](https://g.test/70)), 1 pull request held ([#12](https://g.test/12)), " +
      "auto-merge switched off for [#12](https://g.test/12).",
  );
});

test("a receipt of the end of a stop says what was given back", () => {
  const facts = { ...NO_FACTS, released: linked(12), autoMergeOn: linked(12), enabled: ["batch-generate.yml"] };
  expect(receiptText(facts, "lifted", at)).toBe(
    "14:32Z: lifted; 1 pull request released ([#12](https://g.test/12)), auto-merge on again for [#12](https://g.test/12), `batch-generate.yml` enabled again.",
  );
});

test("a receipt names the permission that is missing, and quotes why something else failed", () => {
  const undone = [
    { what: "2 runs could not be cancelled", why: { kind: "permission", permission: "Actions: write" } },
    { what: "1 gate could not be set", why: { kind: "failed", reason: "Server Error @olga" } },
  ] as const;
  expect(receiptText({ ...NO_FACTS, undone }, "in force", at)).toBe(
    "14:32Z: in force.\n\n" +
      "**Not done:** 2 runs could not be cancelled: the app lacks the permission `Actions: write`.\n\n" +
      "**Not done:** 1 gate could not be set: `Server Error @olga`; it is tried again.",
  );
});

test("a receipt stays readable however much there was to do", () => {
  const text = receiptText({ ...NO_FACTS, held: linked(...Array.from({ length: 500 }, (_, n) => n)) }, "in force", at);
  expect(text).toContain("500 pull requests held");
  expect(text).toContain("and 480 more");
});
