// Everything that draws nothing: control and format characters, lone surrogates, private use, fillers and variation
// selectors. The tab is white space, as a person means it.
const INVISIBLE = /[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]--\t]/gv;

/** The text as it looks: without the characters that a reader cannot see. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, "");
}

/**
 * The characters of a word that no command word or name may hold, as `U+200B, U+043E`, at most three of them; "" when all
 * are printable ASCII. A letter of another alphabet looks like its Latin twin, so that only its number tells them apart.
 */
export function foreignCharacters(word: string): string {
  const foreign = new Set(word.replace(/[!-~]/g, ""));
  return [...foreign]
    .slice(0, 3)
    .map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`)
    .join(", ");
}

/** The words of a line: split at white space of any kind, except the byte order mark, which is invisible and no space. */
export function splitWords(text: string): readonly string[] {
  return text.split(/[\s--\uFEFF]+/v).filter((word) => word !== "");
}

const BEFORE_A_WORD = "\"'“‘«([`*";
const AFTER_A_WORD = ".,;:!\"'”’»)]`*";

/**
 * A word without the quotation marks, brackets and asterisks around it and the punctuation after it; asterisks that nothing
 * stands between stay. Linear in the length of the word, unlike `/[.,]+$/`.
 */
export function bareWord(word: string): string {
  const bare = stripped(word, BEFORE_A_WORD, AFTER_A_WORD);
  return bare === "" ? stripped(word, BEFORE_A_WORD.replace("*", ""), AFTER_A_WORD.replace("*", "")) : bare;
}

function stripped(word: string, before: string, after: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && before.includes(word.charAt(start))) start += 1;
  while (end > start && after.includes(word.charAt(end - 1))) end -= 1;
  return word.slice(start, end);
}
