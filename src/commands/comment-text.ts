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
 * would name something else: inline code, emphasis and tags leave their text, links and images their address, and the
 * underscores of emphasis stay, because names contain them. Only HTML comments leave nothing.
 *
 * @param lines the comment's lines, without line endings
 */
export function readText(lines: readonly string[]): readonly TextLine[] {
  const markdown = lines.join("\n").replace(LINE_END_REFERENCE, "&amp;");
  const found = new Map<number, { text: string; beginsAsText: boolean; quoted: boolean }>();
  let openHidingTags = 0;

  function visit(node: Nodes, quoted: boolean): void {
    if (node.type === "html") openHidingTags = hidingTagsAfter(node.value, openHidingTags);
    if (node.type === "text") {
      put(node, node.value.split("\n"), openHidingTags === 0, quoted);
    } else if (isOpaque(node)) {
      put(node, [textLeftBy(node)], false, quoted);
    } else if ("children" in node) {
      const underscores = underscoresOf(node, markdown);
      put(...)
      for (const child of node.children) visit(child, quoted || node.type === "blockquote");
    }
  }
}
