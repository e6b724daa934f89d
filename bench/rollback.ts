import assert from "node:assert/strict";
import { REPOSITORY } from "../demo/recipe-repository.ts";
import { newControlFile } from "../src/domain/control/control-file.ts";
import { githubSchema } from "../test/github/graphql/schema.ts";
import type { LoggedCall } from "../test/github/http/request-log.ts";
import { type LocalGitHub, startLocalGitHub } from "../test/github/local-github.ts";
import { printCalls } from "./print-calls.ts";
import { type Measure, median, printTable, type Report } from "./report.ts";
import { rollBackByHand } from "./rollback-by-hand.ts";
import { newProcess } from "./running.ts";
import { longestSequence } from "./sequence.ts";

const SIZES = [2, 20, 200, 1000];
const OTHERS = 1500;
const ROUNDS = 3;
const LATENCY = 50;
const ID = new Date().toISOString().slice(0, 10);
/** The most calls that a batch of a size may take. */
const MOST_CALLS: ReadonlyMap<number, number> = new Map([
  [20, 15],
  [1000, 30],
]);

/** One rollback: every call that it made until it was answered, in milliseconds since the comment. */
interface Rollback {
  readonly calls: readonly LoggedCall[];
  readonly chain: readonly LoggedCall[];
  /** When the reply was written. */
  readonly took: number;
}

/** What a rollback costs a process that has just started, in repositories of 1,500 other recipes. */
export async function benchRollback(): Promise<Report> {
  githubSchema();
  const rows: string[][] = [];
  const measures: Measure[] = [];
  let shown: Rollback | null = null;
  for (const size of SIZES) {
    const rollbacks: Rollback[] = [];
    for (let round = 0; round < ROUNDS; round++) rollbacks.push(await rollBack(size));
    const byHand = await rollBackByHand(size, OTHERS);
    const calls = rollbacks.map((rollback) => rollback.calls.length);
    const chains = rollbacks.map(({ chain }) => chain.length);
    const times = rollbacks.map(({ took }) => took);
    rows.push([
      String(size),
      String(median(calls)),
      String(median(chains)),
      `${Math.round(median(times))} ms`,
      `${byHand.commands} git commands (${byHand.remote} with the server)`,
      `${Math.round(byHand.took)} ms`,
    ]);
    measures.push(
      { what: `calls, ${size} recipes`, unit: "", values: calls, most: MOST_CALLS.get(size) ?? null },
      { what: `in sequence, ${size} recipes`, unit: "", values: chains, most: null },
      { what: `comment to reply, ${size} recipes`, unit: "ms", values: times, most: null },
    );
    if (size === 20) shown = rollbacks[0] ?? null;
  }
  return {
    title: `"/batch rollback" of batches among ${OTHERS} other recipes, ${LATENCY} ms added to every call; ${ROUNDS} rounds,\neach with a new process and a new GitHub`,
    text: [
      printTable([["recipes", "calls", "in sequence", "time", "by hand", "time by hand"], ...rows]),
      BY_HAND,
      ...(shown === null
        ? []
        : [
            "The calls for 20 recipes; those marked * are the longest sequence in which each began after the one before it\nhad ended.",
            printCalls(shown.calls, shown.chain),
          ]),
    ],
    measures,
  };
}

const BY_HAND = `By hand is what rollback-batch.sh runs, in a clone of this machine without any latency, after the fetch of the pull
requests' own commits that it needs since squash merges drop the id, and before a push. "gh pr create" comes on top and is
not measured. It deletes whatever bears the id, changed since or not, restores nothing and asks nobody.`;

async function rollBack(size: number): Promise<Rollback> {
  const github = await startLocalGitHub();
  const issue = await seed(github, size);
  await using batchkeeper = await newProcess(github);
  github.latency(LATENCY);
  const commentedAt = performance.now();
  await github.commentAs("olga", REPOSITORY, issue, `/batch rollback ${ID} — measured`);
  await batchkeeper.quiet();
  const all = github.log.map((call) => ({
    ...call,
    startedAt: call.startedAt - commentedAt,
    endedAt: call.endedAt - commentedAt,
  }));
  await github.close();
  const [commit] = github.commits(REPOSITORY, { ref: `rollback-batch-${ID}` });
  assert.equal(commit?.files.length, size);
  const answered = all.findIndex(({ method, path }) => method === "POST" && /\/issues\/\d+\/comments$/.test(path));
  const reply = all[answered];
  assert.ok(reply, "a reply");
  // What comes after the answer is the gate of the pull request that was opened, as of anybody's: not the rollback's.
  const calls = all.slice(0, answered + 1);
  return { calls, chain: longestSequence(calls), took: reply.endedAt };
}

async function seed(github: LocalGitHub, size: number): Promise<number> {
  const [owner = "", name = ""] = REPOSITORY.split("/");
  const others = Array.from({ length: OTHERS }, (_, index) => recipe(`other${index}`, index));
  github.createRepository({
    owner,
    name,
    collaborators: { olga: "write", oscar: "write" },
    files: Object.fromEntries([["batch-control.json", newControlFile().text], ...others]),
  });
  const now = new Date().toISOString();
  const title = `feat(recipes): add batch recipes (${size} recipes)`;
  github.importPullRequest(REPOSITORY, {
    title,
    branch: `batch/${ID.replaceAll("-", "")}-040000`,
    message: `feat(recipes): add batch ${ID} recipes\n\nbatch_id: ${ID}\nbatch_size: ${size}\n`,
    files: Object.fromEntries(Array.from({ length: size }, (_, index) => recipe(`batch${index}`, index))),
    author: "oscar",
    createdAt: now,
    squash: { message: `${title}\n\nBatch generation of ${size} packages.`, date: now },
  });
  // Whatever this app opened before left its label.
  return github.openIssueAs("olga", REPOSITORY, { title: "Operations", labels: ["batchkeeper"] });
}

function recipe(name: string, index: number): [string, string] {
  const needs = index % 5 === 0 ? 'runtime_dependencies = ["other1"]\n' : "";
  const text = `[metadata]\nname = "${name}"\ndescription = "Number ${index}"\n${needs}\n[[steps]]\naction = "homebrew"\nformula = "${name}"\n`;
  return [`recipes/${String.fromCharCode(97 + (index % 26))}/${name}.toml`, text];
}
