import { describe, expect, test } from "vitest";
import { decideAcceptance } from "../../../src/domain/supply-chain/acceptance.ts";
import type { CheckResult } from "../../../src/domain/supply-chain/check-result.ts";

const [OLD, NEW] = ["a".repeat(64), "b".repeat(64)];
const TEXT = `[[steps]]\naction = "download"\nurl = "https://a.example/x"\nchecksum = "${OLD}"\n`;
const RECIPE = { path: "recipes/x/x.toml", text: TEXT, fill: { version: null } };

const hash = (digits: string) => ({ name: "sha256", digits }) as const;
const own = { action: "download", url: "https://a.example/x", published: { kind: "hash", hash: hash(OLD) } } as const;
const listed = {
  action: "download",
  url: "https://a.example/y",
  published: { kind: "list", url: "https://a.example/SUMS" },
} as const;
const drift = (check: typeof own | typeof listed): CheckResult => ({
  kind: "drift",
  check,
  published: hash(OLD),
  found: hash(NEW),
  host: "a.example",
});
const same: CheckResult = { kind: "same", check: own, hash: hash(OLD), bytes: 1 };
const unchecked: CheckResult = { kind: "unchecked", check: listed, why: "too-slow: `x`" };

describe("an acceptance", () => {
  test("changes the checksums that drift, and names what else was looked at", () => {
    expect(decideAcceptance(RECIPE, [drift(own), unchecked])).toEqual({
      kind: "change",
      text: TEXT.replace(OLD, NEW),
      changes: [{ url: own.url, from: hash(OLD), to: hash(NEW) }],
      others: [unchecked],
    });
  });

  test.each<[string, readonly CheckResult[], string]>([
    ["nothing drifts", [same], "**No drift any more**"],
    ["a part could not be looked at", [same, unchecked], 'which is not a "no"'],
    ["nothing was looked at", [], 'which is not a "no"'],
    ["the publisher keeps the checksum", [drift(listed)], "**There is nothing to change in this repository**"],
  ])("changes nothing where %s", (_, results, why) => {
    expect(decideAcceptance(RECIPE, results)).toEqual({ kind: "nothing", why: expect.stringContaining(why) });
  });

  test("changes nothing where the place of the checksum is not certain, and says what to write", () => {
    const text = TEXT.replace(OLD, `\\u0061${OLD.slice(1)}`);
    const decided = decideAcceptance({ ...RECIPE, text }, [drift(own)]);
    expect(decided).toEqual({
      kind: "nothing",
      why: expect.stringMatching(/by a pull request of your own[\s\S]*b{64}/),
    });
  });
});
