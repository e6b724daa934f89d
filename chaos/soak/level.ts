import type { Measure } from "../../bench/report.ts";
import type { Sample } from "./sample.ts";

/** How much more memory the last third may hold than the second: what the collector has not come to yet. */
const MEMORY_SLACK = { factor: 1.1, megabytes: 10 };
/**
 * What an event may leave on the disk: its id is known for a week, longer than GitHub may send it again. So the folder grows
 * for a week by so much, and then stays as it is.
 */
const BYTES_FOR_AN_EVENT = 100;
/** The write-ahead log comes and goes with the rhythm of its checkpoints. */
const DISK_SLACK = 2;
/** What waits for its repository's next decision waits for half a minute at most. */
const LONGEST_WAIT = 60;

/** Whether a process keeps its level: the second third of the samples beside the last. */
export function levels(samples: readonly Sample[]): readonly Measure[] {
  const second = samples.slice(Math.floor(samples.length / 3), Math.floor((2 * samples.length) / 3));
  const last = samples.slice(Math.floor((2 * samples.length) / 3));
  const memory = (part: readonly Sample[]) => mean(part.map(({ residentMegabytes }) => residentMegabytes));
  const disk = (part: readonly Sample[]) => mean(part.map(({ diskMegabytes }) => diskMegabytes));
  const arrivals = mean(last.map(({ arrived }) => arrived)) - mean(second.map(({ arrived }) => arrived));
  return [
    { what: "resident memory, second third", unit: "MB", values: [memory(second)] },
    {
      what: "resident memory, last third",
      unit: "MB",
      values: [memory(last)],
      most: memory(second) * MEMORY_SLACK.factor + MEMORY_SLACK.megabytes,
    },
    { what: "folder of the inbox, second third", unit: "MB", values: [disk(second)] },
    {
      what: "folder of the inbox, last third",
      unit: "MB",
      values: [disk(last)],
      most: disk(second) + (arrivals * BYTES_FOR_AN_EVENT) / 1e6 + DISK_SLACK,
    },
    {
      what: "oldest event that waited, seconds",
      unit: "",
      values: [Math.max(...samples.map(({ oldest }) => oldest))],
      most: LONGEST_WAIT,
    },
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
