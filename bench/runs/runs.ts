import { printTable, type Report } from "../report.ts";
import { measureBurst } from "./burst.ts";
import { simulateYear } from "./year.ts";

/** GitHub shows 512,000 bytes of a file; this is what a file that people read may have. */
const LARGEST_FILE = 64 * 1024;
const RUNS_PER_COMMIT = 25;

/** What completed runs cost: calls and commits of a burst, and the size of the file after a year. */
export async function benchRuns(): Promise<Report> {
  const { runs, calls, jobReads, commits, took } = await measureBurst();
  const year = simulateYear();
  const largest = Math.max(...year.sizes);
  const each = (count: number) => (count / runs).toFixed(3);
  return {
    title: `${runs} completed runs of one repository, delivered in a burst, with results as artifacts`,
    text: [
      printTable([
        ["", "Batchkeeper", "for each run", "the upstream scripts, for each run"],
        ["calls to GitHub", String(calls), each(calls), ""],
        ["of them reads of jobs", String(jobReads), each(jobReads), ""],
        ["commits", String(commits), each(commits), "1 (update_breaker.sh in the last job)"],
        ["clones", "0", "0", "1 (actions/checkout)"],
        ["pushes", "0", "0", "1, and up to 3 more when another writer was first"],
      ]),
      `Until the last run was committed: ${Math.round(took)} ms. The other calls are lists of artifacts, a hundred with each, and two for each run that download its results.`,
      `A simulated year, in memory: ${year.runs} hourly runs of 50 ecosystems, some well, some flapping, some broken, with their minutes. The file had ${largest} bytes at most, at the end of a day.`,
    ],
    measures: [
      { what: "reads of jobs for each run", unit: "ratio", values: [jobReads / runs], most: 1 },
      {
        what: `commits for every ${RUNS_PER_COMMIT} runs`,
        unit: "ratio",
        values: [(RUNS_PER_COMMIT * commits) / runs],
        most: 1,
      },
      { what: "bytes of the file, 50 ecosystems, a year", unit: "", values: [largest], most: LARGEST_FILE },
    ],
  };
}
