import { createHmac, timingSafeEqual } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNodeMiddleware, Probot } from "probot";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import { isHandled, isUrgent, keptOf } from "../../src/events/occurrence.ts";
import { SqliteInbox } from "../../src/inbox/sqlite/sqlite-inbox.ts";
import { NO_TRACING } from "../../src/tracing/tracing.ts";
import { WebServer } from "../../src/web/server.ts";

// One of the servers that are compared, as a process of its own: `server.ts <kind> <secret> <private key in base64>`. It
// tells its port, and its processor time whenever it is asked.

type Start = (secret: string, privateKey: string) => Promise<number>;

/** The least that a webhook server can do: read, and verify. */
const bare: Start = async (secret) => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(Buffer.concat(chunks)).digest("hex")}`);
    const given = Buffer.from(String(request.headers["x-hub-signature-256"]));
    const isGenuine = expected.length === given.length && timingSafeEqual(expected, given);
    response.writeHead(isGenuine ? 202 : 401).end();
  });
  return listening(server);
};

/** Probot as its documentation sets it up, with a handler that does nothing. */
const probot: Start = async (secret, privateKey) => {
  const app = new Probot({ appId: 4711, privateKey, secret, logLevel: "fatal" });
  const middleware = await createNodeMiddleware((on) => void on.on("workflow_run", async () => {}), {
    probot: app,
    webhooksPath: "/api/github/webhooks",
  });
  return listening(createServer(middleware));
};

/** Batchkeeper's intake with its embedded inbox: answered once it is on the disk. Nothing is handed out. */
const batchkeeper: Start = async (secret, privateKey) => {
  const folder = mkdtempSync(join(tmpdir(), "batchkeeper-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const app = new Probot({ appId: 4711, privateKey, secret, logLevel: "fatal" });
  await app.auth();
  const inbox = new SqliteInbox({ folder, clock: SYSTEM_CLOCK, log: console });
  const intake = {
    inbox,
    isHandled,
    isUrgent,
    keptOf,
    verify: (body: string, signature: string) => app.webhooks.verify(body, signature),
    log: { warn: () => {}, error: console.error },
    tracing: NO_TRACING,
    count: () => {},
  };
  const metrics = async () => ({ contentType: "text/plain", text: "" });
  return new WebServer({ host: "127.0.0.1", port: 0, intake, metrics }).listen();
};

const SERVERS: Readonly<Record<string, Start>> = { bare, probot, batchkeeper };

function listening(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

const [kind = "", secret = "", key = ""] = process.argv.slice(2);
const start = SERVERS[kind];
if (start === undefined) throw new Error(`there is no server ${kind}`);
process.send?.({ port: await start(secret, Buffer.from(key, "base64").toString("utf8")) });
process.on("message", () => process.send?.({ cpu: process.cpuUsage() }));
process.once("SIGTERM", () => process.exit(0));
process.once("disconnect", () => process.exit(0));
