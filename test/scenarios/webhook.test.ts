import { createHmac } from "node:crypto";
import { request } from "node:http";
import { expect, vi } from "vitest";
import { REPOSITORY, test, type World } from "./world.ts";

const PING = JSON.stringify({ zen: "Keep it logically awesome." });
const MEBIBYTE = 1024 * 1024;

function pingHeaders(world: World, body = PING): Record<string, string> {
  return { "x-github-event": "ping", "x-github-delivery": "d-1", "x-hub-signature-256": world.webhook.sign(body) };
}

test("a signed event is accepted", async ({ world }) => {
  const answer = await world.webhook.post(PING, pingHeaders(world));
  expect(answer.status).toBe(202);
});

test("a signed event is accepted in the content type's other spellings", async ({ world }) => {
  const headers = { ...pingHeaders(world), "content-type": "Application/JSON; charset=UTF-8" };
  expect((await world.webhook.post(PING, headers)).status).toBe(202);
});

test.for([
  { what: "no signature", headers: { "x-hub-signature-256": "" }, status: 401 },
  { what: "a wrong signature", headers: { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }, status: 401 },
  { what: "a signature that is none", headers: { "x-hub-signature-256": "sha256=" }, status: 401 },
  { what: "another content type", headers: { "content-type": "application/x-www-form-urlencoded" }, status: 415 },
  { what: "no event name", headers: { "x-github-event": "" }, status: 400 },
  { what: "an event name that is none", headers: { "x-github-event": "__proto__ x" }, status: 400 },
  { what: "no delivery id", headers: { "x-github-delivery": "" }, status: 400 },
  { what: "a delivery id that is none", headers: { "x-github-delivery": "a b" }, status: 400 },
])("$what is answered $status", async ({ headers, status }, { world }) => {
  const answer = await world.webhook.post(PING, { ...pingHeaders(world), ...headers });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ message: expect.any(String) });
});

test("the old signature with SHA-1 alone proves nothing", async ({ world }) => {
  const sha1 = createHmac("sha1", world.github.app.webhookSecret).update(PING).digest("hex");
  const headers = { ...pingHeaders(world), "x-hub-signature-256": "", "x-hub-signature": `sha1=${sha1}` };
  expect((await world.webhook.post(PING, headers)).status).toBe(401);
});

test("an unsigned stop stops nothing", async ({ world }) => {
  world.github.onDelivery(() => "drop");
  const { body } = world.deliveryOf(await world.comment("olga", "/batch stop"));
  const headers = { "x-github-event": "issue_comment", "x-github-delivery": "d-1", "x-hub-signature-256": "sha256=ab" };
  expect((await world.webhook.post(body, headers)).status).toBe(401);
  expect(world.held()).toEqual([]);
});

test("a signed body that is not JSON is answered 400", async ({ world }) => {
  expect((await world.webhook.post("{", pingHeaders(world, "{"))).status).toBe(400);
});

test("an empty body is answered 401", async ({ world }) => {
  expect((await world.webhook.post("", pingHeaders(world, ""))).status).toBe(401);
});

test.for([
  { how: "at once, by its announced length", headers: { "content-length": String(25 * MEBIBYTE + 1) }, sent: 0 },
  { how: "as soon as it has come, without an announced length", headers: {}, sent: 26 },
])("a body over 25 MB is refused $how", async ({ headers, sent }, { world }) => {
  expect(await postPiecewise(world, headers, sent)).toBe(413);
});

test("a body of a little less than 25 MB is read", async ({ world }) => {
  const body = JSON.stringify({ zen: "x".repeat(25 * MEBIBYTE - 100) });
  expect((await world.webhook.post(body, pingHeaders(world, body))).status).toBe(202);
});

/** Sends so many pieces of 1 MiB and no end; the status of the answer. */
function postPiecewise(world: World, headers: Record<string, string>, pieces: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      method: "POST",
      headers: { "content-type": "application/json", ...pingHeaders(world), ...headers },
    };
    const sending = request(`${world.url}/api/github/webhooks`, options, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.resume();
      sending.destroy();
    });
    sending.on("error", reject);
    sending.flushHeaders();
    for (let piece = 0; piece < pieces; piece++) sending.write(Buffer.alloc(MEBIBYTE, "x"));
  });
}

test.for([
  { method: "GET", path: "/api/github/webhooks", status: 404 },
  { method: "PUT", path: "/api/github/webhooks", status: 404 },
  { method: "GET", path: "/", status: 401 },
  { method: "GET", path: "/nothing", status: 404 },
  { method: "GET", path: "/live", status: 200 },
  { method: "GET", path: "/ready", status: 200 },
  { method: "GET", path: "/ready?verbose", status: 200 },
])("$method $path is answered $status", async ({ method, path, status }, { world }) => {
  expect((await fetch(world.url + path, { method })).status).toBe(status);
});

test("the metrics count webhooks and calls, and take no label from what is not verified", async ({ world }) => {
  await world.comment("olga", "/batch help");
  await world.webhook.post(PING, { "x-github-event": "forged", "x-github-delivery": "d-1" });
  const answer = await fetch(`${world.url}/metrics`);
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
  const text = await answer.text();
  expect(text).toMatch(/^batchkeeper_webhooks_total\{event="issue_comment",result="accepted"\} \d+$/m);
  expect(text).toMatch(/^batchkeeper_webhooks_total\{event="unverified",result="refused"\} 1$/m);
  expect(text).toMatch(
    /^batchkeeper_github_requests_total\{method="GET",route="\/repos\/\{owner\}\/\{repo\}\/[a-z/{}_]+",status="200"\} \d+$/m,
  );
  expect(text).not.toContain("forged");
});

test("the metrics take no label from an event whose sender hangs up before its signature is verified", async ({
  world,
}) => {
  const headers = {
    ...pingHeaders(world),
    "x-github-event": "forged",
    "content-type": "application/json",
    "content-length": 1000,
  };
  const sender = request(`${world.url}/api/github/webhooks`, { method: "POST", headers });
  sender.on("error", () => {});
  sender.write("{", () => sender.destroy());
  const metrics = async () => (await fetch(`${world.url}/metrics`)).text();
  await vi.waitFor(async () => expect(await metrics()).toMatch(/^batchkeeper_webhooks_total\{event="unverified",/m));
  expect(await metrics()).not.toContain("forged");
});

test.for([
  { event: "issue_comment", payload: { action: "created" }, field: "repository" },
  { event: "workflow_run", payload: { action: "completed" }, field: "repository" },
  { event: "push", payload: { ref: 7 }, field: "repository" },
])(
  "a $event without what GitHub promises is kept as a dead letter and logged by the field's name",
  async (story, { world }) => {
    const { event, payload, field } = story;
    const installation = { id: 1000 };
    const answer = await world.webhook.deliver(event, { ...payload, installation, secret: "ghs_hidden" });
    await world.quiet();
    expect(answer.status).toBe(202);
    expect(world.log.join("")).toContain(`${event}: ${field}: `);
    expect(world.log.join("")).not.toContain("ghs_hidden");
    expect(await world.metric("batchkeeper_inbox_dead_letters")).toBe(1);
    expect((await fetch(`${world.url}/live`)).status).toBe(200);
  },
);

test("an event that nobody handles is accepted, not kept, and costs no call", async ({ world }) => {
  const mark = world.github.log.length;
  const answer = await world.webhook.deliver("star", { action: "created", repository: { full_name: REPOSITORY } });
  await world.quiet();
  expect(answer.status).toBe(202);
  expect(world.github.calls(mark)).toEqual([]);
});

test("an event that cannot be handled while GitHub is away is accepted, and handled when it is back", async ({
  world,
}) => {
  const fault = world.github.fault({ path: "/graphql", status: 500 });
  const running = world.run({ homebrew: "failure" });
  await expect.poll(() => fault.hits, { timeout: 10_000 }).toBeGreaterThan(3);
  expect(world.github.deliveries.findLast(({ event }) => event === "workflow_run")?.statusCode).toBe(202);
  fault.remove();
  await running;
  expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
});

test("a delivery that comes again is not handled again", async ({ world }) => {
  const comment = await world.comment("olga", "/batch stop homebrew");
  const mark = world.github.log.length;
  await world.redeliver(world.deliveryOf(comment));
  expect(world.github.calls(mark)).toEqual([]);
});

test("events of one repository are handled in the order of their arrival", async ({ world }) => {
  world.github.onDelivery(() => "hold");
  for (const verb of ["stop", "resume", "stop"]) {
    await world.github.commentAs("olga", REPOSITORY, 1, `/batch ${verb} homebrew`);
  }
  world.github.latency(5);
  world.github.onDelivery(() => "send");
  for (const { guid } of [...world.github.deliveries]) world.github.redeliver(guid);
  await world.quiet();
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.pulls().map(({ title }) => title)).toEqual(["Stop homebrew", "Resume homebrew", "Stop homebrew"]);
});

test("the log of a whole story holds no secret", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew\n/batch status");
  for (const path of ["/graphql", /\/pulls$/, /\/comments$/, /access_tokens$/]) {
    world.github.fault({ path, status: 500, times: 4, body: { message: "broken" } });
  }
  world.github.fault({ path: /permission$/, status: 401, times: 1, body: { message: "Bad credentials" } });
  await world.comment("olga", "/batch resume homebrew");
  await world.run({ homebrew: "failure" });
  await world.webhook.post(PING, { ...pingHeaders(world), "x-hub-signature-256": "sha256=00" });
  const { privateKey, webhookSecret } = world.github.app;
  const text = world.log.join("");
  expect(world.log.length).toBeGreaterThan(10);
  expect(text).not.toMatch(/ghs_|bearer [^"[]|token [0-9A-Za-z_]{20}|eyJ[A-Za-z0-9_-]{10}/i);
  expect(text).not.toContain(webhookSecret);
  for (const line of privateKey.split("\n").slice(1, -2)) expect(text).not.toContain(line);
});
