import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { hasMarker, printMarker } from "../../src/github/marker.ts";

const anyKey = fc.string({ unit: "binary", minLength: 1, maxLength: 60 }).filter((key) => key.isWellFormed());

describe("a hidden marker", () => {
  test.prop([anyKey, fc.string()])("finds its own text again", (key, rest) => {
    const marker = { kind: "incident", key } as const;
    expect(hasMarker(`${printMarker(marker)}\n${rest}`, marker)).toBe(true);
  });

  test.prop([anyKey])("stays one HTML comment whatever its key", (key) => {
    const printed = printMarker({ kind: "reply", key });
    expect(printed.slice(4, -3)).not.toMatch(/--|>|\n/);
  });

  test.prop([anyKey, anyKey])("is not taken for another", (a, b) => {
    const text = printMarker({ kind: "reply", key: a });
    expect(hasMarker(text, { kind: "reply", key: b })).toBe(a === b);
    expect(hasMarker(text, { kind: "incident", key: a })).toBe(false);
  });

  test.each([
    ["below another line", "hello\n<!-- batchkeeper:reply 1 -->"],
    ["in a quote", "> <!-- batchkeeper:reply 1 -->"],
    ["behind a blank", " <!-- batchkeeper:reply 1 -->"],
    ["with text after it", "<!-- batchkeeper:reply 1 --> and more"],
  ])("does not count %s", (_where, text) => {
    expect(hasMarker(text, { kind: "reply", key: "1" })).toBe(false);
  });
});
