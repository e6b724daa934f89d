import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { holdId } from "../../../src/domain/holds/hold-id.ts";

test.prop([fc.string({ unit: "binary" })])("an id is one word, and the same for the same request", (source) => {
  expect(holdId(source, "*")).toMatch(/^h-[0-9a-f]{6}$/);
  expect(holdId(source, "*")).toBe(holdId(source, "*"));
});

test("the hash is FNV-1a, folded", () => {
  // FNV-1a of the two bytes "* " with 32 bits is 0x2dde7aa7.
  expect(holdId("", "*")).toBe("h-de7a8a");
});

test("neighbouring comments get different ids", () => {
  const ids = Array.from({ length: 1000 }, (_, index) =>
    holdId(`https://github.com/a/b/issues/1#issuecomment-${index}`, "*"),
  );
  expect(new Set(ids).size).toBe(1000);
});
