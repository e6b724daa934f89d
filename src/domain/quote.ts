// Everything that is not a plain, visible character: control and format characters (zero-width, bidirectional overrides,
// byte order marks, tags), surrogates without a partner, private use, and line and paragraph separators.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** One line of plain text: line breaks and runs of white space become one space, invisible characters become `<U+202E>`. */
export function oneLine(text: string, maxLength = 300): string {
  const visible = text
    .trim()
    .replace(/[ \t\r\n]+/g, " ")
    .replace(
      INVISIBLE,
      (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`,
    );
  return visible.length <= maxLength ? visible : `${visible.slice(0, maxLength - 1).toWellFormed()}…`;
}

/**
 * Somebody's words as a Markdown code span: the one construct in which GitHub renders no mention, link, image, HTML,
 * issue reference or closing keyword (GitHub Flavored Markdown, section 6.3). Used wherever text from outside is shown.
 */
export function quote(text: string, maxLength = 300): string {
  const line = oneLine(text, maxLength);
  if (line === "") return "` `";
  const longestRun = Math.max(0, ...Array.from(line.matchAll(/`+/g), (run) => run[0].length));
  const fence = "`".repeat(longestRun + 1);
  const padding = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** The first paragraph of our own Markdown as plain text: emphasis, links and code lose their marks and keep their words. */
export function plainWords(markdown: string): string {
  const [first = ""] = markdown.split("\n\n", 1);
  return oneLine(first.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[*`]+/g, ""));
}
