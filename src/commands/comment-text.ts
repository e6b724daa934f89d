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
 * In the rest of such a line nothing that was typed is lost, because a lost name would widen a command: inline code,
 * emphasis and tags leave their text, links and images their address. Only HTML comments leave nothing.
 *
 * @param lines the comment's lines, without line endings
 */
export function readText(lines: readonly string[]): readonly TextLine[] {
  const found = new Map<number, { text: string; beginsAsText: boolean; quoted: boolean }>();
  let openHidingTags = 0;

  function visit(node: Nodes, quoted: boolean): void {
    switch (node.type) {
      case "text":
        put(node, node.value.split("\n"), openHidingTags === 0, quoted);
        break;
      case "inlineCode":
        put(node, [node.value], false, quoted);
        break;
      case "link":
      case "image":
        put(node, [node.url], false, quoted);
        break;
      case "linkReference":
      case "imageReference":
        put(node, [`[${node.label ?? node.identifier}]`], false, quoted);
        break;
      case "html":
        openHidingTags = hidingTagsAfter(node.value, openHidingTags);
        put(node, [node.value.replace(HTML_COMMENT, "")], false, quoted);
        break;
      default:
        if ("children" in node) for (const child of node.children) visit(child, quoted || node.type === "blockquote");
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

  visit(fromMarkdown(lines.join("\n").replace(LINE_END_REFERENCE, "&amp;")), false);
  return [...found].flatMap(([number, { text, beginsAsText, quoted }]) =>
    beginsAsText ? [{ number, text, quoted }] : [],
  );
}

// `&#10;` is a line end in the parsed text and none in the comment: kept as typed, so that lines keep their numbers.
const LINE_END_REFERENCE = /&(?=(?:#0*1[03]|#x0*[ad]|newline);)/gi;

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
