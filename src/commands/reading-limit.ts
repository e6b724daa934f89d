/** The longest comment that is read at all: the limit that GitHub names when it refuses a longer body. */
export const LONGEST_COMMENT = 65_536;

// The Markdown parser is quadratic in list items, headings and openings without an end, and worse in nesting: 65,536
// characters can cost it a minute. Within these two limits a search for the worst input found none above 70 ms.
const LONGEST_TEXT = 16_384;
const MOST_MARKS = 1_000;

// An opening is looked for until its paragraph ends: a mark for every so many characters that this may read.
const CHARACTERS_PER_MARK = 500;

const INLINE_MARK = /[[\]<&\\]/g;
const OPENING = /`+|<[?!]/g;
const CONTAINERS = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)))*/;
const CONTAINER = />|[-+*]|\d+[.)]/g;

/** How many of a comment's lines, from the first, can be given to the Markdown parser at a known cost. */
export function countReadableLines(lines: readonly string[]): number {
  let characters = 0;
  let marks = 0;
  let paragraph = { openings: 0, characters: 0 };
  for (const [index, line] of lines.entries()) {
    if (/^[ \t]*$/.test(line)) {
      marks += searchCost(paragraph);
      paragraph = { openings: 0, characters: 0 };
    }
    characters += line.length + 1;
    marks += 1 + count(line, INLINE_MARK) + nesting(line) ** 2;
    paragraph.openings += count(line, OPENING);
    paragraph.characters += line.length;
    if (characters > LONGEST_TEXT || marks + searchCost(paragraph) > MOST_MARKS) return index;
  }
  return lines.length;
}

function searchCost({ openings, characters }: { openings: number; characters: number }): number {
  return (openings * characters) / CHARACTERS_PER_MARK;
}

function nesting(line: string): number {
  return count(CONTAINERS.exec(line)?.[0] ?? "", CONTAINER);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
