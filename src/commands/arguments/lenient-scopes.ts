import { quote } from "../../domain/quote.ts";
import type { Positional, Read, ReadContext } from "../argument.ts";
import { describeIllFormed, type NameWord, nearMiss, readNames } from "./name.ts";
import { type Scopes, scopesOf } from "./scopes.ts";

/**
 * The scope of a command that is typed in an emergency and may cover too much rather than too little. The words before
 * the reason are read by the first row that fits:
 *
 * | words | for example | scope |
 * | --- | --- | --- |
 * | none | `stop`, `stop — mirror down` | everything |
 * | a list with `all`, `everything` or `*` in it | `stop all` | everything |
 * | a list of well-formed names | `stop flatpak`, `stop flatpak, snap`, `stop npm pypi` | these, known or not |
 * | `all`, `everything` or `*`, then words | `stop everything, the key leaked` | everything; the words are the reason |
 * | known names, then words | `stop npm pypi mirror returns 503` | these; the words are the reason |
 * | words | `stop the mirror is down`, `stop now`, an address | everything; the words are the reason |
 *
 * A list is one word; or words with commas between them; or known names, then such words with a comma or `and` before
 * each. Blanks alone make no list of unknown words: they are prose more often than names, and everything is the safe
 * reading of prose. In a list, and where one could go on, the near miss of a known name stops nothing and is answered with
 * that name. A word in a list that cannot be a name is refused. Whatever else is not obvious is noted, with the plain way
 * to say it.
 */
export function lenientScopes(): Positional<Scopes> {
  return {
    kind: "positional",
    usage: "[ecosystem…]",
    read(words, context) {
      const names = readNames(words, context);
      return isList(names) ? readList(names, words.length, context) : readProse(names, context);
    },
  };
}

// Words that stand alone after `stop` and name nothing. A known ecosystem of such a name is still a name.
const NOT_NAMES: ReadonlySet<string> = new Set(
  "now please immediately asap it this that the batch batches pipeline processing".split(" "),
);

function isProse({ word, isKnown }: NameWord): boolean {
  return !isKnown && (NOT_NAMES.has(word.toLowerCase()) || /^https?:\/\//i.test(word));
}

/** How many words at the beginning are certain to be a scope. */
function countLeading(names: readonly NameWord[]): number {
  if (names[0]?.isEverything) return 1;
  const end = names.findIndex(({ isKnown }) => !isKnown);
  return end === -1 ? names.length : end;
}

function isList(names: readonly NameWord[]): boolean {
  const leading = countLeading(names);
  const others = names.slice(Math.max(1, leading));
  const isNamed = names.length <= 1 || leading > 0 || others.some(({ joinedBy }) => joinedBy === "comma");
  return isNamed && others.every(({ joinedBy }) => joinedBy !== null) && !names.some(isProse);
}

function readList(names: readonly NameWord[], used: number, context: ReadContext): Read<Scopes> {
  for (const name of names) {
    const meant = nearMiss(name, context);
    if (meant !== null) return askAbout(name, meant, context);
    if (name.ecosystem === null && !name.isEverything) {
      const way = `To give a reason, put a dash before it: \`${context.command} — …\`.`;
      return { kind: "problem", text: `${describeIllFormed(name.word)} ${way}`, used };
    }
  }
  const value = scopesOf(names);
  const unknown = names.filter(({ isKnown, isEverything }) => !isKnown && !isEverything);
  return { kind: "value", value, used, notes: value.kind === "everything" ? [] : noteUnknown(unknown, context) };
}

function readProse(names: readonly NameWord[], context: ReadContext): Read<Scopes> {
  const leading = names.slice(0, countLeading(names));
  const prose = names.slice(leading.length);
  const next = prose[0];
  const meant = next === undefined || isProse(next) ? null : nearMiss(next, context);
  if (next !== undefined && meant !== null) return askAbout(next, meant, context);
  const value = scopesOf(leading);
  const notes =
    value.kind === "everything" ? noteEverything(leading, prose, context) : noteReason(leading, prose, context);
  return { kind: "value", value, used: next?.index ?? 0, notes };
}

function askAbout({ word }: NameWord, meant: string, { command }: ReadContext): Read<Scopes> {
  const text = [
    `${quote(word, 80)} is not known here; did you mean \`${meant}\`?`,
    `Comment again with that name, or \`${command}\` alone for everything.`,
    `An ecosystem that is really called so is first named under \`ecosystems\` in \`.github/batchkeeper.yml\`.`,
  ].join(" ");
  return { kind: "problem", text, used: 0 };
}

function noteUnknown(unknown: readonly NameWord[], { command }: ReadContext): readonly string[] {
  if (unknown.length === 0) return [];
  return [
    `Not seen here before, and taken as named: ${quoteSome(unknown)}. Nothing else is covered; \`${command}\` alone covers everything.`,
  ];
}

function noteEverything(
  leading: readonly NameWord[],
  prose: readonly NameWord[],
  { command }: ReadContext,
): readonly string[] {
  const mentioned = prose.filter(({ isKnown }) => isKnown);
  if (leading.length > 0 && mentioned.length === 0) return [];
  const why = leading.length > 0 ? "" : "No known ecosystem is named first, so the words are the reason. ";
  const less = mentioned[0]?.ecosystem ?? "<ecosystem>";
  return [`${why}This covers everything. To cover less, comment \`${command} ${less}\` and lift this one.`];
}

/** A name among the words of the reason may have been meant as a scope; so may a single word, or one after a comma. */
function noteReason(
  leading: readonly NameWord[],
  prose: readonly NameWord[],
  { command }: ReadContext,
): readonly string[] {
  const doubtful = prose.filter(
    (name, index) =>
      name.isKnown || (index === 0 && !isProse(name) && (prose.length === 1 || name.joinedBy === "comma")),
  );
  const names = doubtful.flatMap(({ ecosystem }) => ecosystem ?? []);
  if (names.length === 0) return [];
  const wider = [...leading.flatMap(({ ecosystem }) => ecosystem ?? []), ...names].slice(0, 10);
  return [
    `Read as the reason, and not covered: ${quoteSome(doubtful)}. To cover more: \`${command} ${wider.join(", ")}\`.`,
  ];
}

function quoteSome(names: readonly NameWord[]): string {
  const shown = names.slice(0, 5).map(({ word }) => quote(word, 80));
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
