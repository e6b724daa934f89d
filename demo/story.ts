import assert from "node:assert/strict";
import type { ObservedIssue } from "../test/github/observation.ts";
import { BrowserSession } from "../test/web/browser-session.ts";
import { BUDGET_STORY } from "./budget-story.ts";
import { DASHBOARD_STORY } from "./dashboard-story.ts";
import { ROLLBACK_STORY } from "./rollback-story.ts";
import type { Evidence, Step } from "./step.ts";
import { SUPPLY_CHAIN_STORY } from "./supply-chain-story.ts";
import type { World } from "./world.ts";

/**
 * An ecosystem fails, its breaker opens, an operator stops and resumes it, it recovers; a batch is rolled back; a file that a
 * recipe downloads changes; the budget of the week runs out; the settings ask for a dashboard issue. Every step looks up on GitHub what
 * the steps before it left there, and asserts what it claims.
 */
export const STORY: readonly Step<World>[] = [
  { name: "Batchkeeper runs beside a local GitHub", run: isReady },
  { name: "5 batch runs succeed for homebrew and npm", run: runsSucceed },
  { name: "homebrew fails in 4 runs in a row", run: homebrewFails },
  { name: "a fifth failure opens homebrew's circuit breaker", run: breakerOpens },
  { name: "an incident says so", run: incidentIsOpen },
  { name: "a batch of homebrew waits in a pull request: its gate holds it", run: batchIsHeld },
  { name: "olga stops homebrew by a comment", run: olgaStops },
  { name: "her webhook comes twice more, once to a restarted app: nothing happens twice", run: deliveredAgain },
  { name: "rita, who may only read, asks how things stand", run: ritaAsks },
  { name: "the incident's timeline has all of it: olga's stop has acknowledged it", run: timelineTells },
  { name: "mallory, a stranger, is refused", run: malloryIsRefused },
  { name: "olga resumes homebrew; the breaker stays in the way", run: olgaResumes },
  { name: "an hour later one run is let through and succeeds, and so does the next: all is well", run: probeSucceeds },
  ...ROLLBACK_STORY,
  ...SUPPLY_CHAIN_STORY,
  ...BUDGET_STORY,
  ...DASHBOARD_STORY,
  { name: "olga opens the page, signed in by GitHub; the link is good once", run: olgaOpensPage },
];

async function isReady(world: World): Promise<Evidence> {
  const where = `${world.batchkeeperUrl}/ready`;
  const { status } = await fetch(where);
  assert.equal(status, 200);
  return { saw: `ready; GitHub is ${world.githubUrl}`, where };
}

async function runsSucceed(world: World): Promise<Evidence> {
  for (let run = 0; run < 5; run++) await world.batchRun({ homebrew: "success", npm: "success" });
  const { circuit_breaker, batchkeeper } = world.control();
  assert.equal(circuit_breaker.homebrew?.state, "closed");
  assert.equal(circuit_breaker.npm?.state, "closed");
  assert.equal(batchkeeper?.seen.runs.length, 5);
  return { saw: "5 runs counted, both breakers closed", where: world.controlUrl };
}

async function homebrewFails(world: World): Promise<Evidence> {
  for (let run = 0; run < 4; run++) await world.batchRun({ homebrew: "failure", npm: "success" });
  const { homebrew } = world.control().circuit_breaker;
  assert.equal(homebrew?.failures, 4);
  assert.equal(homebrew?.state, "closed");
  return { saw: "4 failures counted, the breaker is still closed", where: world.controlUrl };
}

async function breakerOpens(world: World): Promise<Evidence> {
  await world.batchRun({ homebrew: "failure", npm: "success" });
  const { homebrew, npm } = world.control().circuit_breaker;
  assert.equal(homebrew?.state, "open");
  assert.equal(homebrew?.failures, 5);
  assert.equal(npm?.state, "closed");
  return { saw: `"homebrew": ${JSON.stringify(homebrew)}`, where: world.controlUrl };
}

async function incidentIsOpen(world: World): Promise<Evidence> {
  const { number, title, state, labels } = incident(world);
  assert.equal(world.incidents().length, 1);
  assert.equal(state, "open");
  assert.deepEqual(labels.toSorted(), ["batchkeeper", "ecosystem:homebrew", "incident", "severity:medium"]);
  return { saw: `#${number} "${title}" [${labels.join(", ")}]`, where: world.urlOf(`issues/${number}`) };
}

async function batchIsHeld(world: World): Promise<Evidence> {
  const number = await world.batchWaits({ "recipes/x/xz.toml": '[[steps]]\naction = "homebrew"\n' });
  const gate = world.gateOf(number);
  assert.equal(gate?.conclusion, "failure");
  assert.equal(gate.title, "Held: circuit breaker of homebrew open");
  return { saw: `#${number}: "${gate.title}"`, where: world.urlOf(`check-runs/${gate.id}`) };
}

async function olgaStops(world: World): Promise<Evidence> {
  const { number } = incident(world);
  const comment = await world.comment("olga", number, "/batch stop homebrew — mirror returns 503");
  const { disabled_ecosystems, disabled_by, reason } = world.control();
  assert.deepEqual(
    { disabled_ecosystems, disabled_by, reason },
    { disabled_ecosystems: ["homebrew"], disabled_by: "olga", reason: "mirror returns 503" },
  );
  const pull = world.pulls().at(-1);
  assert.equal(pull?.merged, true);
  assert.equal(pull.mergeCommitSha, world.head());
  const batch = waitingBatch(world);
  assert.equal(world.gateOf(batch)?.title, "Held: homebrew is stopped, circuit breaker of homebrew open");
  assert.match(lastReply(world, number), /Z: in force; 1 pull request held/);
  assert.deepEqual(world.reactions(comment), ["eyes", "rocket"]);
  assert.match(lastReply(world, number), /Stopped: homebrew\./);
  const saw = `pull request #${pull.number} merged, batch #${batch} held, 👀 and 🚀, answered "Stopped: homebrew."`;
  return { saw, where: world.urlOf(`pulls/${pull.number}`) };
}

async function deliveredAgain(world: World): Promise<Evidence> {
  const { number } = incident(world);
  const comment = world.comments(number).findLast(({ author }) => author === "olga")?.id ?? 0;
  const traces = () => ({
    head: world.head(),
    pulls: world.pulls().length,
    comments: world.comments(number).length,
    reactions: world.reactions(comment).length,
  });
  const before = traces();
  assert.equal(await world.redeliver(comment), 202);
  await world.restartBatchkeeper();
  assert.equal(await world.redeliver(comment), 202);
  assert.deepEqual(traces(), before);
  const saw = `both accepted; still ${before.pulls} pull requests, 1 reply, the same commit`;
  return { saw, where: world.urlOf("commits") };
}

async function ritaAsks(world: World): Promise<Evidence> {
  const { number } = incident(world);
  await world.comment("rita", number, "/batch status");
  const reply = lastReply(world, number);
  assert.match(reply, /Stopped: homebrew\./);
  assert.match(reply, /`homebrew` \| open \|/);
  assert.match(reply, new RegExp(`#${number} medium`));
  return { saw: `homebrew stopped, breaker open, incident #${number}`, where: commentsUrl(world, number) };
}

async function timelineTells(world: World): Promise<Evidence> {
  const { number, body } = incident(world);
  const [, who = ""] = /\*\*acknowledged\*\* by `(.+)`/.exec(body) ?? [];
  assert.equal(who, "olga");
  assert.match(body, /\*\*command\*\* by `olga`: `\/batch stop homebrew — mirror returns 503 \(done\)`/);
  assert.match(body, /^```mermaid\ntimeline$/m);
  return { saw: `acknowledged by ${who}; nobody is reminded or called`, where: world.urlOf(`issues/${number}`) };
}

async function malloryIsRefused(world: World): Promise<Evidence> {
  const { number } = incident(world);
  const comment = await world.comment("mallory", number, "/batch resume homebrew");
  assert.deepEqual(world.reactions(comment), ["eyes", "-1"]);
  assert.match(lastReply(world, number), /refused.*`mallory` has the role read here, and .* needs write/);
  assert.deepEqual(world.control().disabled_ecosystems, ["homebrew"]);
  return { saw: "👎, told that it needs write; homebrew is still stopped", where: commentsUrl(world, number) };
}

async function olgaResumes(world: World): Promise<Evidence> {
  const { number } = incident(world);
  await world.comment("olga", number, "/batch resume homebrew — mirror is back");
  const reply = lastReply(world, number);
  assert.deepEqual(world.control().disabled_ecosystems, []);
  assert.match(reply, /Resumed: homebrew\./);
  assert.match(reply, /the circuit breaker of `homebrew` is open/);
  const pull = world.pulls().at(-1);
  assert.equal(pull?.merged, true);
  const saw = `pull request #${pull.number} merged, told that the breaker is still open`;
  return { saw, where: world.urlOf(`pulls/${pull.number}`) };
}

async function probeSucceeds(world: World): Promise<Evidence> {
  world.passHour();
  await world.batchRun({ homebrew: "success", npm: "success" });
  assert.match(lastReply(world, incident(world).number), /\*\*homebrew\*\* recovers/);
  await world.batchRun({ homebrew: "success", npm: "success" });
  const { number, state, stateReason } = incident(world);
  assert.equal(world.control().circuit_breaker.homebrew?.state, "closed");
  assert.deepEqual({ state, stateReason }, { state: "closed", stateReason: "completed" });
  assert.match(lastReply(world, number), /\*\*homebrew\*\* recovered/);
  assert.match(lastReply(world, number), /Time to resolve/);
  const batch = waitingBatch(world);
  assert.equal(world.gateOf(batch)?.conclusion, "success");
  return {
    saw: `breaker closed, incident #${number} closed with a post-mortem to fill in, the gate of #${batch} passes`,
    where: world.urlOf(`issues/${number}`),
  };
}

async function olgaOpensPage(world: World): Promise<Evidence> {
  const response = await new BrowserSession().follow(world.pageLink("olga"));
  const page = await response.text();
  assert.equal(response.status, 200);
  assert.match(page, /<h1>Running, without npm<\/h1>/);
  assert.match(page, />homebrew</);
  return {
    saw: "npm is held by her tick, every breaker is closed, the batch is restored",
    where: world.pageLink("olga"),
  };
}

function incident(world: World): ObservedIssue {
  const [first] = world.incidents();
  assert.ok(first, "an incident that Batchkeeper opened");
  return first;
}

function waitingBatch(world: World): number {
  const batch = world.pulls().find(({ state, head }) => state === "open" && head.startsWith("batch/"));
  assert.ok(batch, "a batch that waits");
  return batch.number;
}

function lastReply(world: World, issue: number): string {
  return world.replies(issue).at(-1) ?? "";
}

function commentsUrl(world: World, issue: number): string {
  return world.urlOf(`issues/${issue}/comments`);
}
