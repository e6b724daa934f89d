/** One number that a benchmark measured, once for each round, and the most or the least that it may be. */
export interface Measure {
  readonly what: string;
  /** A ratio has no unit and is printed with two decimals. */
  readonly unit: "ms" | "MB" | "ratio" | "";
  readonly values: readonly number[];
  /** Bounds that the median is held to; null or absent for what is only told. */
  readonly most?: number | null;
  readonly least?: number;
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

export function holds({ values, most, least }: Measure): boolean {
  const value = median(values);
  return (most == null || value <= most) && (least === undefined || value >= least);
}

export function printReport({ title, text, measures }: Report): string {
  const rows = measures.map((measure) => [
    measure.what,
    quantity(median(measure.values), measure),
    `${quantity(Math.min(...measure.values), measure)} to ${quantity(Math.max(...measure.values), measure)}`,
    boundOf(measure),
    boundOf(measure) === "" ? "" : holds(measure) ? "PASS" : "FAIL",
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

function boundOf(measure: Measure): string {
  const { most, least } = measure;
  const bounds = [
    ...(most == null ? [] : [`at most ${quantity(most, measure)}`]),
    ...(least === undefined ? [] : [`at least ${quantity(least, measure)}`]),
  ];
  return bounds.join(", ");
}

function quantity(value: number, { unit }: Measure): string {
  if (unit === "ratio") return value.toFixed(2);
  return `${Math.round(value)} ${unit}`.trimEnd();
}
