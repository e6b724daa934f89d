import type { Reading } from "./change.ts";

/** Told of what is worth counting while GitHub is talked to. */
export interface Measures {
  /** A write of a control file met another writer, or its answer was lost: it is decided anew. */
  conflict(): void;
  /** A repository was read. */
  reading(fullName: string, reading: Reading): void;
  /** The open incidents of a repository, by severity. */
  incidents(fullName: string, bySeverity: ReadonlyMap<string, number>): void;
}

export const NO_MEASURES: Measures = { conflict: () => {}, reading: () => {}, incidents: () => {} };
