import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";

const hasJq = spawnSync("jq", ["--version"]).status === 0;

/** For `beforeEach`: the scripts need jq, which is no dependency of this project. */
export function needsJq(context: TestContext): void {
  context.skip(!hasJq, "jq is not installed");
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../preflight/${name}`, import.meta.url));
}

/** What a step left behind: its exit code, its log, its outputs and its part of the page of the run. */
export interface Step {
  readonly status: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs a script as a runner does: in bash, with an environment, and with files for what it has to say. */
export function runStep(script: string, cwd: string, env: Readonly<Record<string, string>>): Step {
  const folder = mkdtempSync(join(tmpdir(), "step-"));
  const outputFile = join(folder, "output");
  const summaryFile = join(folder, "summary");
  try {
    for (const file of [outputFile, summaryFile]) writeFileSync(file, "");
    const { status, stdout, stderr } = spawnSync("bash", [pathOf(script)], {
      cwd,
      encoding: "utf8",
      env: {
        PATH: process.env.PATH ?? "",
        HOME: folder,
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: summaryFile,
        ...env,
      },
    });
    return {
      status,
      log: stdout + stderr,
      outputs: parseOutputs(readFileSync(outputFile, "utf8")),
      summary: readFileSync(summaryFile, "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `GITHUB_OUTPUT` as the runner reads it: `name=value` in one line, or `name<<end` and lines up to `end`. */
function parseOutputs(text: string): Record<string, string> {
  const outputs = new Map<string, string>();
  const lines = text.split(/\r\n|\r|\n/);
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === "") continue;
    const [, name = "", separator, rest = ""] = /^(.*?)(=|<<)(.*)$/su.exec(line) ?? [];
    if (separator === undefined) throw new Error(`the runner refuses this line: ${line}`);
    outputs.set(
      name,
      separator === "="
        ? rest
        : lines
            .splice(0, lines.indexOf(rest) + 1)
            .slice(0, -1)
            .join("\n"),
    );
  }
  return Object.fromEntries(outputs);
}

/** Runs the preflight on a control file; null for a repository without one. */
export function preflight(text: string | null, inputs: Readonly<Record<string, string>> = {}): Step {
  const checkout = mkdtempSync(join(tmpdir(), "checkout-"));
  try {
    if (text !== null) writeFileSync(join(checkout, "batch-control.json"), text);
    return runStep("preflight.sh", checkout, { GITHUB_RUN_ID: "17352", GITHUB_RUN_ATTEMPT: "1", ...inputs });
  } finally {
    rmSync(checkout, { recursive: true });
  }
}
