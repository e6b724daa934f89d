import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** As `npm start` starts it. */
const FLAGS = ["--max-semi-space-size=2"];
const BETWEEN_LOOKS = 5;

/** Batchkeeper as a process of its own, as `npm start` runs it; ended when it is disposed of. */
export interface BatchkeeperProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /** Milliseconds from the start of the process until `/ready` answered 200. */
  readonly readyAfter: number;
  /** Resolves when nothing waits in the inbox, as `/metrics` tells it. */
  quiet(): Promise<void>;
}

/** @throws when the process ends before it is ready. */
export async function startBatchkeeperProcess(
  environment: Readonly<Record<string, string>>,
): Promise<BatchkeeperProcess> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...FLAGS, MAIN], {
    env: { ...environment, LOG_LEVEL: "info", LOG_FORMAT: "json" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = `http://127.0.0.1:${await portOf(createInterface(child.stdout))}`;
  while ((await fetch(`${url}/ready`)).status !== 200) await delay(BETWEEN_LOOKS);
  const readyAfter = performance.now() - startedAt;
  return {
    pid: child.pid ?? 0,
    url,
    readyAfter,
    quiet: async () => {
      while (!/^batchkeeper_inbox_waiting 0$/m.test(await (await fetch(`${url}/metrics`)).text()))
        await delay(BETWEEN_LOOKS);
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
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
