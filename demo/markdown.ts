import { stripVTControlCharacters, styleText } from "node:util";

const COMMENT = /^<!--.*-->\n/;
const FENCE = /^```/;
const TABLE_ROW = /^\|.*\|$/;
const RULE_ROW = /^\|[\s|:-]+\|$/;
const CELL_END = /(?<!\\)\|/;

/** The Markdown that Batchkeeper writes, for a terminal: headings, lists, tables, code and emphasis. Links show their text. */
export function renderMarkdown(markdown: string): string {
  const lines = stripVTControlCharacters(markdown).replace(COMMENT, "").split("\n");
  const rendered: string[] = [];
  let isCode = false;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (FENCE.test(line)) isCode = !isCode;
    else if (isCode) rendered.push(`  ${styleText("cyan", line)}`);
    else if (TABLE_ROW.test(line)) {
      const end = lines.findIndex((other, at) => at > index && !TABLE_ROW.test(other));
      const rows = lines.slice(index, end === -1 ? undefined : end);
      rendered.push(...renderTable(rows));
      index += rows.length - 1;
    } else rendered.push(renderLine(line));
  }
  return rendered.join("\n");
}

function renderLine(line: string): string {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading !== undefined) return styleText("bold", heading);
  return renderInline(line.replace(/^- /, "• "));
}

function renderTable(rows: readonly string[]): readonly string[] {
  const cells = rows.filter((row) => !RULE_ROW.test(row)).map(cellsOf);
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ""))));
  return cells.map((row, index) => {
    const line = row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell)))
      .join("  ")
      .trimEnd();
    return `  ${index === 0 ? styleText("bold", line) : line}`;
  });
}

function cellsOf(row: string): readonly string[] {
  return row
    .slice(1, -1)
    .split(CELL_END)
    .map((cell) => renderInline(cell.trim().replaceAll(String.raw`\|`, "|")));
}

function renderInline(text: string): string {
  return text.replaceAll(
    /(?<ticks>`+) ?(?<code>.+?) ?\k<ticks>|\*\*(?<strong>.+?)\*\*|\[(?<link>[^\]]+)\]\([^)]*\)/g,
    (whole, _ticks, code, strong, link) => {
      if (code !== undefined) return styleText("cyan", code);
      if (strong !== undefined) return styleText("bold", strong);
      return link === undefined ? whole : styleText("underline", link);
    },
  );
}

function widthOf(styled: string): number {
  return [...stripVTControlCharacters(styled)].length;
}
