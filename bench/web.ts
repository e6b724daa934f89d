import { environmentFor } from "../demo/environment.ts";
import { CONTROL_FILE, REPOSITORY, seedRecipeRepository } from "../demo/recipe-repository.ts";
import { DAY, printInstant } from "../src/domain/instant.ts";
import { type LocalGitHub, startLocalGitHub } from "../test/github/local-github.ts";
import { BrowserSession } from "../test/web/browser-session.ts";
import { startBatchkeeperProcess } from "./batchkeeper-process.ts";
import type { Report } from "./report.ts";
import { restedFolder } from "./running.ts";
import { yearOfVersions } from "./runs/year.ts";

const ROUNDS = 7;
const LOOKS = 20;
const DAYS = 365;
const RANGES = [7, 30, 365] as const;

/** What it costs to show a repository of 50 ecosystems and a year of history again, when nothing has happened. */
export async function benchWeb(): Promise<Report> {
  const github = await startLocalGitHub();
  await seedRecipeRepository(github);
  liveThroughYear(github);
  await using batchkeeper = await startBatchkeeperProcess({
    ...environmentFor(github),
    DATA_DIR: await restedFolder(),
    RECONCILE_INTERVAL: "1h",
  });
  github.callbackUrl = `${batchkeeper.url}/sign-in/callback`;
  const page = `${batchkeeper.url}/repositories/${REPOSITORY}`;
  const browser = new BrowserSession();
  const first = performance.now();
  await browser.follow(github.invite("olga", `${batchkeeper.url}/sign-in?to=/repositories/${REPOSITORY}`));
  const firstLook = performance.now() - first;
  await gathered(browser, page);

  const processor: number[] = [];
  const sizes: number[] = [];
  const mark = github.log.length;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const days of RANGES) {
      const before = await batchkeeper.metric("process_cpu_seconds_total");
      for (let look = 0; look < LOOKS; look += 1) {
        const text = await (await browser.get(`${page}?days=${days}`)).text();
        if (look === 0 && round === 0) sizes.push(Buffer.byteLength(text));
      }
      processor.push(((await batchkeeper.metric("process_cpu_seconds_total")) - before) * (1000 / LOOKS));
    }
  }
  const calls = github.log.length - mark;
  await github.close();
  return {
    title: `The page of a repository with 50 ecosystems and ${DAYS} versions of a year, ${ROUNDS} rounds of ${LOOKS} looks at each range`,
    text: [
      `The process is one of its own; its processor time is its own count (process_cpu_seconds_total), that of /metrics included. The first look, which reads everything from a local GitHub, took ${Math.round(firstLook)} ms.`,
    ],
    measures: [
      { what: "processor time of a look", unit: "ms", values: processor, most: 50 },
      { what: `kilobytes, ${RANGES.join(", ")} days`, unit: "", values: sizes.map((bytes) => bytes / 1000), most: 100 },
      { what: "calls to GitHub while nothing happens", unit: "", values: [calls], most: 0 },
    ],
  };
}

/** A year of the control file, one version a day until today. */
function liveThroughYear(github: LocalGitHub): void {
  for (const { at, file } of yearOfVersions(Date.now() - DAYS * DAY)) {
    const commit = { files: { [CONTROL_FILE]: file.text }, message: "count", date: printInstant(at), author: "acme" };
    github.importCommit(REPOSITORY, commit);
  }
}

/** Resolves when the whole history has been read. */
async function gathered(browser: BrowserSession, page: string): Promise<void> {
  while ((await (await browser.get(`${page}?days=365`)).text()).includes("is being read")) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
