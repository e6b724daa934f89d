import { fileURLToPath } from "node:url";
import { type BatchkeeperProcess, startBatchkeeperProcess } from "../bench/batchkeeper-process.ts";
import { WEBHOOK_PATH } from "../src/web/webhook.ts";
import type { LocalGitHub } from "../test/github/local-github.ts";
import type { Replica } from "./replicas.ts";

const PROGRAM = fileURLToPath(new URL("app.ts", import.meta.url));

/** Where nobody listens: what is sent to a process that was killed must not reach another program of this machine. */
const NOBODY = "http://127.0.0.1:9/";

/** The processes of Batchkeeper: one on its own folder, or several that share a database. */
export class Fleet implements AsyncDisposable {
  readonly #github: LocalGitHub;
  readonly #replicas: readonly Replica[];
  readonly #keepLine: (line: string) => void;
  readonly #processes: (BatchkeeperProcess | null)[];
  #next = 0;
  /** How often a process was killed. */
  kills = 0;

  constructor(github: LocalGitHub, replicas: readonly Replica[], keepLine: (line: string) => void) {
    this.#github = github;
    this.#replicas = replicas;
    this.#keepLine = keepLine;
    this.#processes = replicas.map(() => null);
  }

  get size(): number {
    return this.#replicas.length;
  }

  isRunning(index: number): boolean {
    return this.#processes[index] != null;
  }

  async start(): Promise<void> {
    // Waits for every one of them even when one fails: what is still starting could not be ended.
    const started = await Promise.allSettled(this.#replicas.keys().map((index) => this.#start(index)));
    for (const outcome of started) if (outcome.status === "rejected") throw outcome.reason;
  }

  /** Kills a process, and starts it again on what it left. A process that is being started is left alone. */
  async crash(index: number): Promise<void> {
    const process = this.#processes[index];
    if (process == null) return;
    this.#processes[index] = null;
    this.kills += 1;
    this.turn();
    await process.kill();
    await this.#start(index);
  }

  /** Lets the next process have what GitHub delivers, as a load balancer would. */
  turn(): void {
    const alive = this.#processes.filter((process) => process !== null);
    this.#next += 1;
    const url = alive[this.#next % Math.max(1, alive.length)]?.url;
    this.#github.webhookUrl = url === undefined ? NOBODY : `${url}${WEBHOOK_PATH}`;
  }

  /** The largest value of a number of `/metrics` among the processes. */
  async metric(name: string): Promise<number> {
    const alive = this.#processes.filter((process) => process !== null);
    return Math.max(0, ...(await Promise.all(alive.map((process) => process.metric(name)))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((process) => process?.kill()));
  }

  async #start(index: number): Promise<void> {
    const { app, url } = this.#github;
    const replica = this.#replicas[index];
    if (replica === undefined) throw new RangeError(`there is no process ${index + 1}`);
    const environment = {
      APP_ID: String(app.appId),
      PRIVATE_KEY: app.privateKey,
      WEBHOOK_SECRET: app.webhookSecret,
      GHE_HOST: `${replica.host}:${new URL(url).port}`,
      GHE_PROTOCOL: "http",
      HOST: "127.0.0.1",
      PORT: "0",
      LOG_LEVEL: "debug",
      RECONCILE_INTERVAL: "1s",
      ...replica.environment,
    };
    this.#processes[index] = await startBatchkeeperProcess(environment, {
      program: PROGRAM,
      keepLine: (line) => this.#keepLine(line),
    });
    this.turn();
  }
}
