import assert from "node:assert/strict";
import { CONTROL_FILE, REPOSITORY, seedRecipeRepository } from "../demo/recipe-repository.ts";
import { githubSchema } from "../test/github/graphql/schema.ts";
import type { LoggedCall } from "../test/github/http/request-log.ts";
import { startLocalGitHub } from "../test/github/local-github.ts";
import { measureBusyStops } from "./busy-stop.ts";
import { printCalls } from "./print-calls.ts";
import { startOnProbotDefaults } from "./probot-defaults.ts";
import { median, type Report } from "./report.ts";
import { newProcess, restedFolder, type Start } from "./running.ts";
import { longestSequence } from "./sequence.ts";

const ROUNDS = 7;
const LATENCY = 50;
const COMMAND = "/batch stop homebrew";

/** One stop: every call that it made, in milliseconds since the comment. */
interface Stop {
  readonly calls: readonly LoggedCall[];
  /** At its end the merge commit is on the default branch: the effect. */
  readonly merge: LoggedCall;
  readonly reply: LoggedCall;
}

/** What a stop costs a process that has just started, knows no token and has read nothing. */
export async function benchStop(): Promise<Report> {
  githubSchema();
  // The first round is not counted: it warms up the local GitHub, never Batchkeeper, which is a new process each time.
  await stopHomebrew(newProcess);
  const stops: Stop[] = [];
  for (let round = 0; round < ROUNDS; round++) stops.push(await stopHomebrew(newProcess));
  const withDefaults = await stopHomebrew(onProbotDefaults);

  const effects = stops.map(({ merge }) => merge.endedAt);
  const effect = median(effects);
  const shown = stops.find(({ merge }) => merge.endedAt === effect) ?? withDefaults;
  const ratio = withDefaults.merge.endedAt / effect;
  return {
    title: `"${COMMAND}" with ${LATENCY} ms added to every call; ${ROUNDS} rounds, each with a new process and a new GitHub`,
    text: [
      "The round of the median; times in ms, from the comment on. Calls marked * are the longest sequence up to the merge in\nwhich each began after the one before it had ended.",
      printCalls(shown.calls, sequenceOf(shown)),
    ],
    measures: [
      { what: "calls until all is quiet", unit: "", values: stops.map(({ calls }) => calls.length), most: 12 },
      { what: "in sequence until the effect", unit: "", values: stops.map((stop) => sequenceOf(stop).length), most: 7 },
      { what: "comment to effect", unit: "ms", values: effects, most: 1500 },
      { what: "comment to reply", unit: "ms", values: stops.map(({ reply }) => reply.endedAt), most: null },
      {
        what: `the effect with Probot's own Octokit, one round: ${ratio.toFixed(1)} times as late`,
        unit: "ms",
        values: [withDefaults.merge.endedAt],
        most: null,
      },
      ...(await measureBusyStops(LATENCY)),
    ],
  };
}

const onProbotDefaults: Start = async (github) => ({
  quiet: await startOnProbotDefaults(github, await restedFolder()),
  [Symbol.asyncDispose]: async () => {},
});

async function stopHomebrew(start: Start): Promise<Stop> {
  const github = await startLocalGitHub();
  const issue = await seedRecipeRepository(github);
  github.latency(LATENCY);
  await using batchkeeper = await start(github);
  assert.equal(github.log.length, 0, "a Batchkeeper that asked GitHub before the comment is not cold");

  const commentedAt = performance.now();
  await github.commentAs("olga", REPOSITORY, issue, COMMAND);
  await batchkeeper.quiet();
  await github.close();

  assert.deepEqual(JSON.parse(github.fileAt(REPOSITORY, CONTROL_FILE) ?? "").disabled_ecosystems, ["homebrew"]);
  const calls = github.log.map((call) => ({
    ...call,
    startedAt: call.startedAt - commentedAt,
    endedAt: call.endedAt - commentedAt,
  }));
  return {
    calls,
    merge: lastCall(calls, "PUT", /\/merge$/),
    reply: lastCall(calls, "POST", /\/issues\/\d+\/comments$/),
  };
}

function lastCall(calls: readonly LoggedCall[], method: string, path: RegExp): LoggedCall {
  const call = calls.findLast((made) => made.method === method && path.test(made.path));
  if (call === undefined) throw new Error(`There was no ${method} ${path}.`);
  return call;
}

/** The merge has waited for nothing but calls that had ended when it began. */
function sequenceOf({ calls, merge }: Stop): readonly LoggedCall[] {
  return [...longestSequence(calls.filter(({ endedAt }) => endedAt <= merge.startedAt)), merge];
}
