import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { appPrivateKey } from "../../test/github/app-key.ts";
import { START_FLAGS } from "../batchkeeper-process.ts";
import { median, printTable, type Report } from "../report.ts";
import { type Load, sendWebhooks } from "./load.ts";

const SERVER = fileURLToPath(new URL("./server.ts", import.meta.url));
const KINDS = ["bare", "probot", "batchkeeper"] as const;
const NAMES = {
  bare: "bare node:http, signature only",
  probot: "Probot, no-op handler",
  batchkeeper: "Batchkeeper, on disk",
};
const SECRET = "a secret that only this benchmark knows";
const CONNECTIONS = 50;
const PAYLOAD = 9_700;
const ROUNDS = 5;
const SECONDS = 3;
const WARM_UP = 1;

type Kind = (typeof KINDS)[number];

interface Round {
  /** Requests answered in a second. */
  readonly rate: number;
  /** Processor time of the server for each, microseconds. */
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
}

/** What taking a webhook over costs, beside the least that is possible and beside Probot; rounds take turns. */
export async function measureIntake(): Promise<Omit<Report, "title">> {
  const servers = new Map<Kind, Server>();
  for (const kind of KINDS) servers.set(kind, await Server.start(kind));
  const rounds = new Map<Kind, Round[]>(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const kind of KINDS) {
      const measured = await servers.get(kind)?.measure(round === 0 ? WARM_UP : SECONDS);
      if (round > 0 && measured !== undefined) rounds.get(kind)?.push(measured);
    }
  }
  for (const server of servers.values()) server.stop();
  return reportOf(rounds);
}

function reportOf(rounds: ReadonlyMap<Kind, readonly Round[]>): Omit<Report, "title"> {
  const of = (kind: Kind, what: keyof Round) => (rounds.get(kind) ?? []).map((round) => round[what]);
  const ratios = (kind: Kind) =>
    of(kind, "rate").map((rate, index) => rate / (of("bare", "rate")[index] ?? Number.NaN));
  const rows = KINDS.map((kind) => [
    NAMES[kind],
    `${Math.round(median(of(kind, "rate")))}`,
    `${median(ratios(kind)).toFixed(2)}`,
    `${Math.round(median(of(kind, "cpu")))} µs`,
    `${median(of(kind, "p50")).toFixed(1)} ms`,
    `${median(of(kind, "p99")).toFixed(1)} ms`,
  ]);
  return {
    text: [
      `Intake: ${CONNECTIONS} connections, a payload of ${PAYLOAD} bytes, ${ROUNDS} rounds of ${SECONDS} s in turns`,
      printTable([["medians", "requests/s", "of bare", "processor time each", "p50", "p99"], ...rows]),
    ],
    measures: [
      { what: "of the bare server's rate: Probot, nothing kept", unit: "ratio", values: ratios("probot"), most: null },
      {
        what: "of the bare server's rate: Batchkeeper, on disk",
        unit: "ratio",
        values: ratios("batchkeeper"),
        least: 0.35,
      },
      { what: "Batchkeeper, 99 of 100 answered within", unit: "ms", values: of("batchkeeper", "p99"), most: 50 },
    ],
  };
}

class Server {
  readonly #child: ChildProcess;
  readonly #port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
  }

  static async start(kind: Kind): Promise<Server> {
    const key = Buffer.from(await appPrivateKey()).toString("base64");
    const child = fork(SERVER, [kind, SECRET, key], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: kind === "batchkeeper" ? [...START_FLAGS] : [],
    });
    const [{ port }] = await once(child, "message");
    return new Server(child, port);
  }

  async measure(seconds: number): Promise<Round> {
    const before = await this.#cpu();
    const load = await sendWebhooks({
      port: this.#port,
      connections: CONNECTIONS,
      seconds,
      secret: SECRET,
      body: payload(),
    });
    const cpu = (await this.#cpu()) - before;
    if (load.refused > 0) throw new Error(`${load.refused} webhooks were refused`);
    await delay(200);
    return { rate: load.answered / load.seconds, cpu: cpu / load.answered, p50: at(load, 0.5), p99: at(load, 0.99) };
  }

  stop(): void {
    this.#child.kill("SIGTERM");
  }

  /** Microseconds of processor time until now. */
  async #cpu(): Promise<number> {
    this.#child.send("cpu");
    const [{ cpu }] = await once(this.#child, "message");
    return cpu.user + cpu.system;
  }
}

function at({ latencies }: Load, share: number): number {
  const sorted = latencies.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

/** A run that completed: what Batchkeeper reads of it, and as much as GitHub sends beside that, in short fields. */
function payload(): string {
  const run: Record<string, unknown> = {
    id: 17_352,
    run_attempt: 1,
    path: ".github/workflows/batch-generate.yml",
    event: "schedule",
    conclusion: "success",
    head_sha: "5".repeat(40),
    head_branch: "main",
    head_repository: { full_name: "acme/recipes" },
    run_started_at: "2026-03-19T11:40:00Z",
    updated_at: "2026-03-19T12:00:00Z",
  };
  const body = {
    action: "completed",
    installation: { id: 1 },
    repository: {
      name: "recipes",
      full_name: "acme/recipes",
      html_url: "https://github.com/acme/recipes",
      default_branch: "main",
      owner: { login: "acme" },
    },
    workflow_run: run,
  };
  for (let field = 0; JSON.stringify(body).length < PAYLOAD - 100; field += 1) {
    run[`field_${field}_url`] = `https://api.github.com/repos/acme/recipes/actions/${field}{/other}`;
  }
  run.rest = "x".repeat(PAYLOAD - JSON.stringify({ ...body, workflow_run: { ...run, rest: "" } }).length);
  return JSON.stringify(body);
}
