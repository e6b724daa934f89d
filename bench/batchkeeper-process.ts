import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import project from "../package.json" with { type: "json" };

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** What `npm start` tells Node. */
export const START_FLAGS: readonly string[] = project.scripts.start.split(" ").filter((word) => word.startsWith("--"));
const BETWEEN_LOOKS = 5;

/** Batchkeeper as a process of its own, as `npm start` runs it; ended when it is disposed of. */
export interface BatchkeeperProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /** Milliseconds from the start of the process until `/ready` answered 200. */
  readonly readyAfter: number;
  /** The value of a number of `/metrics`. */
  metric(name: string): Promise<number>;
  /** Resolves when nothing waits in the inbox, as `/metrics` tells it. */
  quiet(): Promise<void>;
  /** Ends it at once, as a crash would: SIGKILL. */
  kill(): Promise<void>;
}

export interface ProcessOptions {
  /** The program that is run; default `src/main.ts`. */
  readonly program?: string;
  /** Gets every line of the log. */
  readonly keepLine?: (line: string) => void;
}

/** @throws when the process ends before it is ready. */
export async function startBatchkeeperProcess(
  environment: Readonly<Record<string, string>>,
  { program = MAIN, keepLine = () => {} }: ProcessOptions = {},
): Promise<BatchkeeperProcess> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...START_FLAGS, program], {
    env: { LOG_LEVEL: "info", ...environment, LOG_FORMAT: "json" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout).on("line", keepLine);
  const url = `http://127.0.0.1:${await portOf(lines)}`;
  while ((await fetch(`${url}/ready`)).status !== 200) await delay(BETWEEN_LOOKS);
  const readyAfter = performance.now() - startedAt;
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // Not "exit": the last lines of its log may be still to come.
    const ended = once(child, "close");
    child.kill(signal);
    await ended;
  };
  const metric = async (name: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const value = new RegExp(`^${RegExp.escape(name)} (\\S+)$`, "m").exec(text)?.[1];
    if (value === undefined) throw new Error(`/metrics has no ${name}.`);
    return Number(value);
  };
  return {
    pid: child.pid ?? 0,
    url,
    readyAfter,
    metric,
    quiet: async () => {
      while ((await metric("batchkeeper_inbox_waiting")) > 0) await delay(BETWEEN_LOOKS);
    },
    kill: () => end("SIGKILL"),
    [Symbol.asyncDispose]: () => end("SIGTERM"),
  };
}

/** The port is chosen by the system; the log tells it. */
function portOf(lines: NodeJS.EventEmitter): Promise<number> {
  return new Promise((resolve, reject) => {
    lines.on("line", (line: string) => {
      const { msg, port } = JSON.parse(line);
      if (msg === "ready") resolve(port);
    });
    lines.once("close", () => reject(new Error("Batchkeeper ended before it was ready.")));
  });
}
