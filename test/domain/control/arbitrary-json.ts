import { fc } from "@fast-check/vitest";
import { ODD_NAMES } from "./arbitrary-control.ts";

const space = fc.constantFrom("", "", " ", "\n", "\n    ", "\t", "\r\n");

const scalar = fc.oneof(
  fc.constantFrom(
    "1",
    "1.0",
    "-0",
    "1E+2",
    "0.10",
    "1e400",
    "12345678901234567890",
    "true",
    "null",
    '"\\u0061"',
    '"\\/"',
  ),
  fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
);

const key = fc.oneof(fc.constantFrom(...ODD_NAMES), fc.string());

/** A JSON text in any spelling: white space, escapes and numbers as no printer would write them. */
const { object } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    tie("object"),
    fc
      .array(fc.tuple(space, tie("value"), space), { maxLength: 3 })
      .map((items) => `[${items.map((i) => i.join("")).join(",")}]`),
  ),
  object: fc
    .uniqueArray(fc.tuple(key, space, tie("value"), space), { maxLength: 4, selector: ([name]) => name })
    .map((members) => `{${members.map(printMember).join(",")}}`),
}));

function printMember([name, before, value, after]: [string, string, string, string]): string {
  return `${before}${JSON.stringify(name)}${after}:${before}${value}${after}`;
}

/** The text of an object that says nothing which Batchkeeper understands. */
export const arbitraryObjectText = object;
