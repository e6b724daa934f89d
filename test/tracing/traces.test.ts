import { expect, vi } from "vitest";
import { environmentBeside, Program, receive } from "../scenarios/program.ts";
import { testIn, type World } from "../scenarios/world.ts";
import { Collector, type SentSpan } from "./collector.ts";

const test = testIn({ beginsNow: true });

/** The program is a process of its own: nothing here tells when it is done, and slow machines get their time. */
const PATIENTLY = { timeout: 20_000 };
vi.setConfig({ testTimeout: 60_000 });

const COMMAND = "handle issue_comment";
const COMMENT_ROUTE = "/repos/{owner}/{repo}/issues/{issue_number}/comments";

/** The environment of a program that sends its traces, soon, to where a collector may be. */
function environmentWith(world: World, endpoint: string): Record<string, string> {
  return {
    ...environmentBeside(world),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: "10",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=tests",
  };
}

/** Resolves when so many comments were answered. */
async function answers(world: World, count: number): Promise<void> {
  await expect.poll(() => world.replies(), PATIENTLY).toHaveLength(count);
}

/** The spans in which the webhook of a comment was taken over: one, or none yet. */
function arrivalsOf(comment: number, collector: Collector, world: World): SentSpan[] {
  const { guid } = world.deliveryOf(comment);
  const webhooks = collector.named("POST /api/github/webhooks");
  return webhooks.filter(({ attributes }) => attributes["messaging.message.id"] === guid);
}

function only<T>(found: readonly T[]): T {
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) throw new Error(`There are ${found.length} of what is one.`);
  return first;
}

test("the trace of a stop holds its webhook, the waiting, the handling and the calls, and nothing that is secret", async ({
  world,
}) => {
  const collector = await Collector.start();
  const environment = environmentWith(world, collector.url);
  const program = new Program(environment);
  await receive(world, program);
  const id = await world.comment(
    "olga",
    "/batch stop homebrew — https://user:hunter2@mirror.example/?token=sesame is down",
  );
  await answers(world, 1);
  program.terminate();
  expect((await program.exit()).code).toBe(0);

  const webhook = only(arrivalsOf(id, collector, world));
  const trace = collector.traceOf(webhook);
  const [wait, batch, command] = ["wait inbox", "process inbox", COMMAND].map((name) =>
    only(trace.filter((span) => span.name === name)),
  );
  const calls = trace.filter(({ attributes }) => attributes["url.template"] !== undefined);
  expect([webhook.parent, wait?.parent, batch?.parent, command?.parent]).toEqual([
    "",
    webhook.id,
    webhook.id,
    batch?.id,
  ]);
  expect(new Set(calls.map(({ parent }) => parent))).toEqual(new Set([command?.id]));
  expect(trace).toHaveLength(4 + calls.length);
  expect(calls.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "POST /graphql RepositorySnapshot",
      "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge",
      `POST ${COMMENT_ROUTE}`,
    ]),
  );
  expect(only(calls.filter(({ name }) => name === `POST ${COMMENT_ROUTE}`)).attributes).toMatchObject({
    "http.request.method": "POST",
    "http.response.status_code": 201,
    "server.address": "127.0.0.1",
  });
  expect(webhook.attributes).toMatchObject({ "http.response.status_code": 202, "batchkeeper.event": "issue_comment" });
  expect(webhook.resource).toMatchObject({ "service.name": "batchkeeper", "deployment.environment.name": "tests" });
  expect(wait?.start).toBeGreaterThanOrEqual(webhook.start);
  expect(wait?.end).toBe(batch?.start);

  const { PRIVATE_KEY = "", WEBHOOK_SECRET = "" } = environment;
  const key = PRIVATE_KEY.split("\n")[1] ?? "no key";
  for (const word of [WEBHOOK_SECRET, key, "ghs_", "Bearer", "sesame", "hunter2", "mirror", "olga"]) {
    expect(collector.text).not.toContain(word);
  }
});

test("commands that were handed out together have a trace each; the batch has its own, with links to their webhooks", async ({
  world,
}) => {
  const collector = await Collector.start();
  await receive(world, new Program(environmentWith(world, collector.url)));
  // While the first is handled, two more arrive.
  world.github.fault({ method: "POST", path: /graphql/, latencyMs: 500, times: 1 });
  const ids: number[] = [];
  for (const ecosystem of ["homebrew", "npm", "cargo"]) {
    ids.push(await world.comment("olga", `/batch status ${ecosystem}`));
  }
  await answers(world, 3);
  const batches = () => collector.named("process inbox").filter(({ links }) => links.length > 0);
  await expect.poll(batches, PATIENTLY).not.toEqual([]);

  const batch = only(batches());
  const [first, ...later] = ids.map((id) => only(arrivalsOf(id, collector, world)));
  expect(batch.links).toEqual(expect.arrayContaining(later.map(({ id }) => id)));
  expect(batch.links).not.toContain(first?.id);
  expect(batch.parent).toBe("");
  for (const webhook of later) {
    const spans = collector.traceOf(webhook);
    expect(only(spans.filter(({ name }) => name === COMMAND))).toMatchObject({ parent: webhook.id, links: [batch.id] });
    expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(["wait inbox", `POST ${COMMENT_ROUTE}`]));
  }
  expect(new Set([first, ...later, batch].map((span) => span?.trace))).toHaveLength(4);
});

test("killed in the middle of a command, the next process goes on with its trace", async ({ world }) => {
  const collector = await Collector.start();
  const environment = environmentWith(world, collector.url);
  const program = new Program(environment);
  await receive(world, program);
  // Until its webhook was told of, the command gets no further than here.
  const told = Promise.withResolvers<null>();
  world.github.onCall(({ method, path }) => (method === "POST" && path.endsWith("/pulls") ? told.promise : null));
  const id = await world.comment("olga", "/batch stop homebrew");
  await expect.poll(() => arrivalsOf(id, collector, world), PATIENTLY).toHaveLength(1);
  program.kill();
  await program.exit();
  told.resolve(null);
  await receive(world, new Program(environment));
  const webhook = only(arrivalsOf(id, collector, world));
  const ofCommand = () => collector.traceOf(webhook).map(({ name }) => name);
  await expect.poll(ofCommand, PATIENTLY).toEqual(expect.arrayContaining([COMMAND, `POST ${COMMENT_ROUTE}`]));
});

test("a collector that is away disturbs nothing, and is mentioned once", async ({ world }) => {
  const program = new Program({ ...environmentWith(world, "http://127.0.0.1:9"), OTEL_EXPORTER_OTLP_TIMEOUT: "100" });
  await receive(world, program);
  await world.comment("olga", "/batch stop homebrew");
  await answers(world, 1);
  await expect.poll(() => program.output, PATIENTLY).toContain("traces cannot be sent");
  await world.comment("olga", "/batch resume homebrew");
  await answers(world, 2);
  const asked = performance.now();
  program.terminate();
  const { code, output } = await program.exit();
  expect(code).toBe(0);
  expect(performance.now() - asked).toBeLessThan(5000);
  expect(output.match(/traces cannot be sent/g)).toHaveLength(1);
});

test("switched off, nothing is sent anywhere", async ({ world }) => {
  const collector = await Collector.start();
  const program = new Program({ ...environmentWith(world, collector.url), OTEL_SDK_DISABLED: "true" });
  await receive(world, program);
  await world.comment("olga", "/batch status");
  await answers(world, 1);
  program.terminate();
  await program.exit();
  expect(collector.connections).toBe(0);
});
