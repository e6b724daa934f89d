import { quote } from "../domain/quote.ts";
import { foreignCharacters, splitWords, withoutInvisible } from "./character.ts";
import { readText, type TextLine } from "./comment-text.ts";
import { countReadableLines, LONGEST_COMMENT } from "./reading-limit.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** A line of a comment that asks something of us, not yet understood. */
export interface CommandLine {
  /** Its place in the comment, from 1. */
  readonly number: number;
  /** The words after `/batch`. A link stands in them as its address. */
  readonly words: readonly string[];
}

/** What a comment asks, in its order, and a refusal for what looks like a command and is not run. */
export interface CommentCommands {
  readonly lines: readonly CommandLine[];
  readonly refusals: readonly Refusal[];
}

/** How many commands of one comment are run. */
export const MOST_COMMANDS = 10;

const COMMAND = /^ {0,3}\/batch(?=\s|$)/i;

/**
 * The commands in a comment: lines that begin with the word `/batch`, in any case, after at most three spaces, typed so
 * and shown as text (`readText`). A list item `- /batch …`, a heading `# /batch …`, a bold or an escaped `/batch` begin
 * with something else and are none. A line without a mark of its own is one even where Markdown takes it for the end of
 * the list item above it or, over a line `---`, for a heading: whoever types a stop there means it. Where Markdown takes
 * it for the end of a quote it is refused, because everybody else sees a quote.
 *
 * Never throws, and costs less than 100 ms of processor time whatever the text. Without such lines nothing is parsed.
 */
export function readCommandLines(comment: string): CommentCommands {
  if (comment.length > LONGEST_COMMENT) {
    return { lines: [], refusals: /\/batch/i.test(comment) ? [refuseUnread("The comment")] : [] };
  }
  const source = comment.split(/\r\n|\r|\n/);
  const candidates = source.flatMap((line, index) => (COMMAND.test(withoutInvisible(line)) ? [index] : []));
  const readable = lastBlockEnd(source, countReadableLines(source));
  const lastRead = candidates.findLast((index) => index < readable);
  const firstUnread = candidates.find((index) => index >= readable);

  const text = lastRead === undefined ? [] : readText(source.slice(0, firstBlockEnd(source, lastRead)));
  const typed = new Set(candidates.map((index) => index + 1));
  const commands = text.filter((line) => typed.has(line.number) && COMMAND.test(withoutInvisible(line.text)));

  const lines: CommandLine[] = [];
  const refusals: Refusal[] = [];
  for (const line of commands.slice(0, MOST_COMMANDS)) {
    const refused = refuseLine(line);
    if (refused === null) lines.push({ number: line.number, words: splitWords(line.text).slice(1) });
    else refusals.push(refused);
  }
  const next = commands[MOST_COMMANDS];
  if (next !== undefined) refusals.push(refuseFrom(next));
  if (firstUnread !== undefined) refusals.push(refuseUnread(`What stands above \`/batch\` in line ${firstUnread + 1}`));
  return { lines, refusals };
}

// An empty line or a code fence ends every paragraph. What follows cannot change how the lines before it read, except that
// a definition far below may turn `[word]` into a link: without it, the word stands as typed.
const BLOCK_END = /^[ \t]*$|^ {0,3}(?:`{3,}[^`]*|~{3,}.*)$/;

/** The index of the first line after `index` that ends its block. */
function firstBlockEnd(source: readonly string[], index: number): number {
  const end = source.findIndex((line, other) => other > index && BLOCK_END.test(line));
  return end === -1 ? source.length : end;
}

/** The index up to which whole blocks lie within the first `count` lines. */
function lastBlockEnd(source: readonly string[], count: number): number {
  if (count === source.length) return count;
  return Math.max(
    0,
    source.slice(0, count + 1).findLastIndex((line) => BLOCK_END.test(line)),
  );
}

function refuseLine({ number, text, quoted }: TextLine): Refusal | null {
  if (quoted) {
    return refusal(
      `Line ${number}, ${quote(text, 80)}, was not run: Markdown continues the quote above it, so everybody sees it as quoted. Put an empty line between the quote and the command.`,
    );
  }
  const unclear = splitWords(text)
    .slice(0, 2)
    .find((word) => withoutInvisible(word) !== word);
  if (unclear === undefined) return null;
  return refusal(
    `Line ${number}, ${quote(text, 80)}, was not run: it contains invisible characters (${foreignCharacters(unclear)}). Type the command by hand instead of pasting it.`,
  );
}

function refuseFrom({ number, text }: TextLine): Refusal {
  return refusal(
    `Only the first ${MOST_COMMANDS} commands of a comment are run. Nothing was run from line ${number}, ${quote(text, 80)}, on: put the rest into another comment.`,
  );
}

function refuseUnread(what: string): Refusal {
  return refusal(
    `${what} is too long or too intricate to be read safely, so the command was not run. Put it into a comment of its own.`,
  );
}
