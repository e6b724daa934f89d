import { quote } from "../domain/quote.ts";
import { type Arguments, optionName, type ReadContext, type Values } from "./argument.ts";
import { bareWord } from "./character.ts";
import { type Options, takeOptions } from "./options.ts";
import { splitReason } from "./reason.ts";

/** How a command treats what it does not understand: it reads on and says so, or refuses. */
export type Leniency = "lenient" | "strict";

/** The arguments of one command line, or what keeps the command from being run. Texts are Markdown. */
export type Bound<A extends Arguments> =
  | { readonly kind: "bound"; readonly values: Values<A>; readonly notes: readonly string[] }
  | { readonly kind: "problem"; readonly text: string };

// A line of a thousand unknown options is answered, not echoed.
const MOST_NOTES = 5;

/**
 * Reads the words after the verb as the declared arguments: the options, wherever they stand; then, up to where the reason
 * begins, the positional arguments in their order; what they leave, and what follows, is the reason. A bad option or a
 * word too many is a note to a lenient command and a problem to a strict one. A reason that the command has no use for is
 * a note to both.
 */
export function bindArguments<A extends Arguments>(
  args: A,
  leniency: Leniency,
  words: readonly string[],
  context: ReadContext,
): Bound<A> {
  const options = declaredOptions(args);
  const taken = takeOptions(words, options, context);
  if (leniency === "strict" && taken.problems[0] !== undefined) return { kind: "problem", text: taken.problems[0] };
  const split = splitReason(taken.words);
  const positionals = readPositionals(args, split.words, context);
  if (positionals.kind === "problem") return positionals;

  const unread = split.words.slice(positionals.used);
  const reason = unread.length > 0 ? taken.words.slice(positionals.used).join(" ") : split.reason;
  const keepsReason = Object.values(args).some((arg) => arg.kind === "rest");
  const tooMany = keepsReason || unread.length === 0 ? [] : [`${quote(unread.join(" "), 80)} is more than it takes.`];
  if (leniency === "strict" && tooMany[0] !== undefined) return { kind: "problem", text: tooMany[0] };

  const unkept = keepsReason || split.reason === "" ? [] : [`The reason, ${quote(split.reason, 80)}, is not recorded.`];
  const notes = [...positionals.notes, ...taken.problems, ...tooMany, ...optionsMeant(unread, options), ...unkept];
  const values = new Map<string, unknown>([...positionals.values, ...taken.values]);
  return { kind: "bound", values: valuesOf(args, values, reason), notes: notes.slice(0, MOST_NOTES) };
}

function declaredOptions(args: Arguments): Options {
  return new Map(Object.entries(args).flatMap(([key, arg]) => (arg.kind === "option" ? [[optionName(key), arg]] : [])));
}

function readPositionals(args: Arguments, words: readonly string[], context: ReadContext) {
  const values = new Map<string, unknown>();
  const notes: string[] = [];
  let used = 0;
  for (const [key, arg] of Object.entries(args)) {
    if (arg.kind !== "positional") continue;
    const read = arg.read(words.slice(used), context);
    if (read.kind === "problem") return read;
    values.set(key, read.value);
    notes.push(...(read.notes ?? []));
    used += read.used;
  }
  return { kind: "read", values, notes, used } as const;
}

/** Whoever writes `/batch stop now` may have meant `--now`. */
function optionsMeant(unread: readonly string[], options: Options): readonly string[] {
  const names = new Set(unread.map((word) => `--${bareWord(word).toLowerCase()}`));
  return [...options.keys()]
    .filter((name) => names.has(name))
    .map((name) => `\`${name.slice(2)}\` was read as part of the reason; the option is \`${name}\`.`);
}

function valuesOf<A extends Arguments>(args: A, values: ReadonlyMap<string, unknown>, reason: string): Values<A> {
  const entries = Object.entries(args).map(([key, arg]) => {
    if (arg.kind === "rest") return [key, reason];
    return [key, arg.kind === "option" ? (values.get(optionName(key)) ?? arg.absent) : values.get(key)];
  });
  // Each key holds what its own argument read, which is what `Values` says and no type guard could look up.
  return Object.fromEntries(entries) as Values<A>;
}
