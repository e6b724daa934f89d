import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

/** One line of a comment that begins with text. */
export interface TextLine {
  /** Its place in the comment, from 1. */
  readonly number: number;
  readonly text: string;
  /** Whether it is part of a block quote, which Markdown continues over a line without `>` until an empty line. */
  readonly quoted: boolean;
}

/**
 * The lines of a comment that begin with text, as GitHub shows them (CommonMark). A line that begins inside a code block,
 * inline code, HTML, an HTML comment, a link or an image is none; neither is one between the tags of an HTML quote or code
 * element, where Markdown resumes after an empty line.
 *
 * In the rest of such a line nothing that was typed is lost, because a lost name would widen a command and a lost letter
 * would name something else: inline code leaves its text, links and images their address, tags and the marks of emphasis
 * themselves. Only HTML comments leave nothing.
 *
 * @param lines the comment's lines, without line endings
 */
export function readText(lines: readonly string[]): readonly TextLine[] {
  const found = new Map<number, { text: string; beginsAsText: boolean; quoted: boolean }>();
  let openHidingTags = 0;

  function visit(node: Nodes, quoted: boolean): void {
    if (node.type === "html") openHidingTags = hidingTagsAfter(node.value, openHidingTags);
    const left = textLeftBy(node);
    if (node.type === "text") {
      put(node, node.value.split("\n"), openHidingTags === 0, quoted);
    } else if (left !== null) {
      put(node, [left], false, quoted);
    } else if ("children" in node) {
      for (const child of node.children) visit(child, quoted || node.type === "blockquote");
    }
  }

  /** Adds a node's text to its lines. A line on which a node of several lines ends does not begin with the text after it. */
  function put({ position }: Nodes, texts: readonly string[], beginsAsText: boolean, quoted: boolean): void {
    if (position === undefined) throw new TypeError("a parsed Markdown node without a position");
    for (let number = position.start.line; number <= position.end.line; number += 1) {
      const text = texts[number - position.start.line] ?? "";
      const line = found.get(number);
      if (line === undefined) found.set(number, { text, beginsAsText, quoted });
      else line.text += text;
    }
  }

  const markdown = lines.join("\n").replace(LINE_END_REFERENCE, "&amp;");
  visit(fromMarkdown(markdown, { extensions: [WITHOUT_EMPHASIS] }), false);
  return [...found].flatMap(([number, { text, beginsAsText, quoted }]) =>
    beginsAsText ? [{ number, text, quoted }] : [],
  );
}

// `&#10;` is a line end in the parsed text and none in the comment: kept as typed, so that lines keep their numbers.
const LINE_END_REFERENCE = /&(?=(?:#0*1[03]|#x0*[ad]|newline);)/gi;

// Emphasis hides nothing, and would take the underscores out of names such as `_a` and `b_`.
const WITHOUT_EMPHASIS = { disable: { null: ["attention"] } };

/** What a node within a paragraph leaves in its line although it is not plain text; null for text and for blocks. */
function textLeftBy(node: Nodes): string | null {
  switch (node.type) {
    case "inlineCode":
      return node.value;
    case "link":
    case "image":
      return node.url;
    case "linkReference":
    case "imageReference":
      return `[${node.label ?? node.identifier}]`;
    case "html":
      return node.value.replace(HTML_COMMENT, "");
    default:
      return null;
  }
}

const HTML_COMMENT = /<!--.*?(?:-->|$)/gs;
const HIDING_TAG = /<(\/?)(?:blockquote|code|pre|tt)\b/gi;

/** How many HTML elements that quote or show code are open after a piece of HTML. */
function hidingTagsAfter(html: string, openBefore: number): number {
  let open = openBefore;
  for (const [, closing] of html.replace(HTML_COMMENT, "").matchAll(HIDING_TAG)) {
    open = closing === "/" ? Math.max(0, open - 1) : open + 1;
  }
  return open;
}
