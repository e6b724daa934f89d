/** One number that a benchmark measured, once for each round, and the most that it may be. */
export interface Measure {
  readonly what: string;
  readonly unit: "ms" | "MB" | "";
  readonly values: readonly number[];
  /** The bound that the median is held to; null for what is only told. */
  readonly most: number | null;
}

/** What a benchmark found: tables and explanations in their order, then the measures. */
export interface Report {
  readonly title: string;
  readonly text: readonly string[];
  readonly measures: readonly Measure[];
}

/** The middle one; of an even number the lower of the two in the middle, which was really measured. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted[Math.ceil(sorted.length / 2) - 1];
  if (middle === undefined) throw new RangeError("there is no median of nothing");
  return middle;
}

export function holds({ values, most }: Measure): boolean {
  return most === null || median(values) <= most;
}

export function printReport({ title, text, measures }: Report): string {
  const rows = measures.map((measure) => [
    measure.what,
    quantity(median(measure.values), measure),
    `${quantity(Math.min(...measure.values), measure)} to ${quantity(Math.max(...measure.values), measure)}`,
    measure.most === null ? "" : `at most ${quantity(measure.most, measure)}`,
    measure.most === null ? "" : holds(measure) ? "PASS" : "FAIL",
  ]);
  const table = printTable([["", "median", "range", "bound", ""], ...rows]);
  return `${[title, ...text, table].join("\n\n")}\n`;
}

/** Rows as lines, their columns aligned. */
export function printTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function quantity(value: number, { unit }: Measure): string {
  return `${Math.round(value)} ${unit}`.trimEnd();
}
