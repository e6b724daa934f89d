/** A text that stands in a cell of a table: GitHub splits a row at a bar even inside a code span. */
export function tableCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** Rows that are shown of a table, and that more are not. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], most: number): string {
  const line = (cells: readonly string[]) => `| ${cells.map(tableCell).join(" | ")} |`;
  const shown = rows.slice(0, most).map(line);
  const more = rows.length > most ? `\n\n… and ${rows.length - most} more.` : "";
  return [line(head), `|${"---|".repeat(head.length)}`, ...shown].join("\n") + more;
}
