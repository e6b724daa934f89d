import type { Ecosystem } from "../../domain/ecosystem.ts";
import type { Positional, Read, ReadContext } from "../argument.ts";
import { describeIllFormed, describeUnknown, readNames } from "./name.ts";

/** One known ecosystem, under any of its names, or one of `also`; null when it is optional and not given. */
export function ecosystem(presence: { optional: true }): Positional<Ecosystem | null>;
export function ecosystem(presence: { optional: false; also?: readonly Ecosystem[] }): Positional<Ecosystem>;
export function ecosystem({
  optional,
  also = [],
}: {
  optional: boolean;
  also?: readonly Ecosystem[];
}): Positional<Ecosystem | null> {
  const read = (words: readonly string[], context: ReadContext) =>
    readOne(words, { ...context, known: [...context.known, ...also] });
  return optional
    ? {
        kind: "positional",
        usage: "[ecosystem]",
        read: (words, context) => (words.length === 0 ? NONE : read(words, context)),
      }
    : { kind: "positional", usage: "<ecosystem>", read };
}

const NONE: Read<null> = { kind: "value", value: null, used: 0 };

function readOne(words: readonly string[], context: ReadContext): Read<Ecosystem> {
  const names = readNames(words.slice(0, 1), context);
  const [name] = names;
  if (name === undefined) return { kind: "problem", text: "It needs an ecosystem.", used: 0 };
  if (names.length > 1) return { kind: "problem", text: "It takes one ecosystem.", used: 1 };
  if (name.ecosystem === null) return { kind: "problem", text: describeIllFormed(name.word), used: 1 };
  if (!name.isKnown) return { kind: "problem", text: describeUnknown(name, context), used: 1 };
  return { kind: "value", value: name.ecosystem, used: 1 };
}
