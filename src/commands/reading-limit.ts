/** The longest comment that GitHub stores (REST API documentation: a longer `body` is answered "body is too long"). */
export const LONGEST_COMMENT = 65_536;

// The Markdown parser is quadratic in unclosed openings, list items and headings, and worse in nesting: 65,536 characters
// can cost it a minute. Within these two limits the worst inputs that a search found cost it about 60 ms.
const LONGEST_TEXT = 16_384;
const MOST_MARKS = 1_000;

// What each of these costs the parser, in marks: an opening that is looked for until the end of the paragraph costs the most.
const UNCLOSED_OPENING_COST = 50;
const INLINE_MARK = /[*_[\]<`&\\]/g;
const UNCLOSED_OPENING = /<[?!]/g;
const CONTAINERS = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)))*/;
const CONTAINER = />|[-+*]|\d+[.)]/g;

/** How many of a comment's lines, from the first, can be given to the Markdown parser at a known cost. */
export function countReadableLines(lines: readonly string[]): number {
  let characters = 0;
  let marks = 0;
  const tooMuch = lines.findIndex((line) => {
    characters += line.length + 1;
    marks += marksIn(line);
    return characters > LONGEST_TEXT || marks > MOST_MARKS;
  });
  return tooMuch === -1 ? lines.length : tooMuch;
}

function marksIn(line: string): number {
  const nesting = count(CONTAINERS.exec(line)?.[0] ?? "", CONTAINER);
  return 1 + nesting ** 2 + count(line, INLINE_MARK) + UNCLOSED_OPENING_COST * count(line, UNCLOSED_OPENING);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
