import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BatchkeeperProcess } from "../../bench/batchkeeper-process.ts";
import { residentMegabytes } from "../../bench/resident-memory.ts";

/** What one look at the process saw. */
export interface Sample {
  /** Seconds since the traffic began. */
  readonly at: number;
  /** Events that have arrived until then. */
  readonly arrived: number;
  readonly residentMegabytes: number;
  readonly diskMegabytes: number;
  readonly waiting: number;
  /** Seconds that the oldest which waits has waited. */
  readonly oldest: number;
}

export async function takeSample(
  batchkeeper: BatchkeeperProcess,
  folder: string,
  { at, arrived }: Pick<Sample, "at" | "arrived">,
): Promise<Sample> {
  return {
    at,
    arrived,
    residentMegabytes: residentMegabytes(batchkeeper.pid),
    diskMegabytes: await megabytesIn(folder),
    waiting: await batchkeeper.metric("batchkeeper_inbox_waiting"),
    oldest: await batchkeeper.metric("batchkeeper_inbox_oldest_seconds"),
  };
}

async function megabytesIn(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1e6;
}
