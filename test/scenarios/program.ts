import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { onTestFinished } from "vitest";
import { environmentFor } from "../../demo/environment.ts";
import type { World } from "./world.ts";

const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;

/** What a process left when it ended. */
interface Exit {
  readonly code: number | null;
  readonly output: string;
}

/** The program as `npm start` starts it, told only what `environment` says. */
export class Program {
  readonly #child: ChildProcess;
  #output = "";

  constructor(environment: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [MAIN], { env: { ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk) => {
        this.#output += chunk;
      });
    }
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Resolves with the port as soon as the program says that it is ready, or that it listens. */
  async ready(state: "listening" | "ready" = "ready"): Promise<number> {
    for (;;) {
      const port = new RegExp(`"port":(\\d+),"msg":"${state}"`).exec(this.#output)?.[1];
      if (port !== undefined) return Number(port);
      if (this.#child.exitCode !== null) throw new Error(this.#output);
      await once(this.#child.stdout ?? this.#child, "data");
    }
  }

  terminate(): void {
    this.#child.kill("SIGTERM");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async exit(): Promise<Exit> {
    const [code] = this.#child.exitCode === null ? await once(this.#child, "close") : [this.#child.exitCode];
    return { code, output: this.#output };
  }
}

/** The environment of a program that works beside the world's own app, with an inbox that is gone after the test. */
export function environmentBeside({ github }: World): Record<string, string> {
  const environment = environmentFor(github);
  onTestFinished(() => rmSync(environment.DATA_DIR ?? "", { recursive: true, force: true }));
  return { ...environment };
}

/** Lets the world's GitHub send its webhooks to a program, once it is ready, instead of the world's own app. */
export async function receive({ github }: World, program: Program): Promise<number> {
  const port = await program.ready();
  github.webhookUrl = `http://127.0.0.1:${port}/api/github/webhooks`;
  return port;
}
