import { quote } from "../domain/quote.ts";
import type { Option, Read, ReadContext } from "./argument.ts";
import { bareWord } from "./character.ts";
import { nearest } from "./nearest.ts";
import { reasonStart } from "./reason.ts";

/** Options by the name that is typed, such as `--until`. */
export type Options = ReadonlyMap<string, Option<unknown>>;

/** The options found in a command line, by typed name, and the words that belong to none. */
export interface TakenOptions {
  readonly values: ReadonlyMap<string, unknown>;
  readonly words: readonly string[];
  /** What is wrong with the options, each a sentence. An option with a problem has no value. */
  readonly problems: readonly string[];
}

// Telephones turn `--now` into `—now`, and people forget the second hyphen.
const OPTION = /^(--|[-–—])([a-z][a-z-]*)(?:=(.*))?$/i;

// More than any value takes: an option is offered this many of the words after it.
const MOST_VALUE_WORDS = 8;

/**
 * Takes the declared options, with their values, out of the words of a command line, wherever they stand: whoever ends a
 * reason with `--now` means it. Once the reason has begun, an option needs its two hyphens, and an unknown `--name` is a
 * word of the reason; before, it is a problem.
 */
export function takeOptions(words: readonly string[], options: Options, context: ReadContext): TakenOptions {
  const values = new Map<string, unknown>();
  const remaining: string[] = [];
  const problems: string[] = [];
  let inReason = false;

  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const typed = typedOption(word, options, inReason);
    if (typed === null) {
      remaining.push(word);
      inReason ||= reasonStart(word) !== null;
      continue;
    }
    const following = words.slice(at + 1, at + 1 + MOST_VALUE_WORDS);
    const read = readValue(typed, options, following, context);
    at += typed.attached === null ? read.used : 0;
    if (read.kind === "problem") {
      problems.push(`${quote(typed.name, 40)} ${read.text}.`);
    } else if (values.has(typed.name) && options.get(typed.name)?.placeholder !== null) {
      problems.push(`\`${typed.name}\` is given twice; the first value counts.`);
    } else {
      values.set(typed.name, read.value);
    }
    // A colon after an option or its value begins the reason as it does after any other word.
    if (!inReason && words[at]?.endsWith(":")) {
      remaining.push("—");
      inReason = true;
    }
  }
  return { values, words: remaining, problems };
}

interface TypedOption {
  readonly name: string;
  /** What follows `=` in the same word. */
  readonly attached: string | null;
}

/** The option that a word is, declared or not, or null when it is a word like any other. */
function typedOption(word: string, options: Options, inReason: boolean): TypedOption | null {
  const [, dash, letters = "", attached = null] = OPTION.exec(bareWord(word)) ?? [];
  const name = `--${letters.toLowerCase()}`;
  const isDeclared = options.has(name) && (dash === "--" || !inReason);
  const isUnknown = dash === "--" && !inReason && name !== "--reason";
  return isDeclared || isUnknown ? { name, attached } : null;
}

function readValue(
  { name, attached }: TypedOption,
  options: Options,
  following: readonly string[],
  context: ReadContext,
): Read<unknown> {
  const option = options.get(name);
  if (option === undefined) return { kind: "problem", text: `is not an option${suggest(name, options)}`, used: 0 };
  if (attached === null) return option.read(valueWords(following), context);
  if (option.placeholder === null) return { kind: "problem", text: "takes no value", used: 0 };
  return option.read([attached], context);
}

/** The words that may be a value: up to the next option or the beginning of the reason. */
function valueWords(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => word.startsWith("--") || reasonStart(word)?.before === "");
  return end === -1 ? words : words.slice(0, end);
}

function suggest(name: string, options: Options): string {
  const meant = nearest(name, options.keys());
  return meant === null ? "" : ` (the nearest is \`${meant}\`)`;
}
