import { type Ecosystem, parseEcosystem } from "../../domain/ecosystem.ts";
import { quote } from "../../domain/quote.ts";
import type { ParseContext } from "../argument.ts";
import { bareWord, foreignCharacters, withoutInvisible } from "../character.ts";
import { nearest } from "../nearest.ts";

/** One word where the name of an ecosystem may stand. */
export interface NameWord {
  /** Without quotation marks around it and punctuation after it. */
  readonly word: string;
  /** What it names, known or not; null when it is no well-formed name. */
  readonly ecosystem: Ecosystem | null;
  readonly isKnown: boolean;
  /** `all`, `everything` or `*`. */
  readonly isEverything: boolean;
  /** What joins it to the word before it, which makes a list of the two. */
  readonly joinedBy: "comma" | "and" | null;
  /** The first typed word that belongs to it, from 0: in `npm,pypi` and in `npm and pypi` two names share three words. */
  readonly index: number;
}

const EVERYTHING: ReadonlySet<string> = new Set(["all", "everything", "*"]);
const AND: ReadonlySet<string> = new Set(["and", "&", "+"]);

/** Reads typed words as names: split at commas, `and` taken for what it joins, words of mere punctuation left out. */
export function readNames(words: readonly string[], context: ParseContext): readonly NameWord[] {
  const known = new Set(knownNames(context));
  const names: NameWord[] = [];
  let joinedBy: NameWord["joinedBy"] = null;
  let begin: number | null = null;
  for (const { word, index, afterComma } of splitAtCommas(words)) {
    if (afterComma) joinedBy = "comma";
    if (AND.has(word.toLowerCase())) {
      joinedBy ??= "and";
      begin ??= index;
    } else if (word !== "") {
      names.push({ ...readName(word, known, context), joinedBy, index: begin ?? index });
      joinedBy = null;
      begin = null;
    }
  }
  return names;
}

function splitAtCommas(words: readonly string[]) {
  return words.flatMap((typed, index) =>
    typed.split(",").map((part, place) => ({ word: bareWord(part), index, afterComma: place > 0 })),
  );
}

function readName(word: string, known: ReadonlySet<string>, { aliases }: ParseContext) {
  const lower = word.toLowerCase();
  const ecosystem = parseEcosystem(word, aliases);
  const isKnown = known.has(lower) || (ecosystem !== null && known.has(ecosystem));
  return { word, ecosystem, isKnown, isEverything: EVERYTHING.has(lower) };
}

/** The known name that an unknown word is a slip of, or null. Invisible characters in it count as slips. */
export function nearMiss({ word, isKnown, isEverything }: NameWord, context: ParseContext): string | null {
  return isKnown || isEverything ? null : nearest(withoutInvisible(word), knownNames(context));
}

/** Why a word cannot be a name. */
export function describeIllFormed(word: string): string {
  const foreign = foreignCharacters(word);
  const culprit = foreign === "" ? "" : ` (it contains ${foreign})`;
  return `${quote(word, 80)} cannot be the name of an ecosystem${culprit}: names have up to 64 of \`a-z\`, \`0-9\`, \`.\`, \`_\` and \`-\`, and begin with a letter or a digit.`;
}

/** Why an unknown name is refused where only known ones make sense, with the nearest or some of the known names. */
export function describeUnknown(name: NameWord, context: ParseContext): string {
  const meant = nearMiss(name, context);
  const some = context.known.slice(0, 10).map((ecosystem) => `\`${ecosystem}\``);
  const way =
    meant === null ? `Known are ${some.length === 0 ? "none yet" : some.join(", ")}.` : `Did you mean \`${meant}\`?`;
  return `${quote(name.word, 80)} is not an ecosystem known here. ${way}`;
}

function knownNames({ known, aliases }: ParseContext): readonly string[] {
  return [...known, ...aliases.keys(), ...aliases.values()];
}
