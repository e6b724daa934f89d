import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { STORY } from "../../demo/story.ts";

const MAIN = fileURLToPath(new URL("../../demo/main.ts", import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

// A whole story in a process of its own: slow machines get their time.
vi.setConfig({ testTimeout: 120_000 });

/** Runs the demo without a terminal and with its input closed. */
function runDemo(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

test("with --json every step of the story is one object on a line, and nothing else is printed", async () => {
  const { code, stdout, stderr } = await runDemo("--json");
  const played = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(played).toEqual(
    STORY.map(({ name }) => ({
      step: name,
      ok: true,
      ms: expect.any(Number),
      evidence: { saw: expect.stringMatching(/./), where: expect.stringMatching(/^http:/) },
    })),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("without a terminal the story is one line for each step, and the demo ends", async () => {
  const { code, stdout } = await runDemo();
  const lines = stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(STORY.length);
  for (const line of lines) expect(line).toMatch(/^ *\d+ ms ✓ .+ {2}http:\/\/\S+$/);
  expect(code).toBe(0);
});

test("an unknown option is answered with the usage", async () => {
  const { code, stdout, stderr } = await runDemo("--jsno");
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("usage: npm run demo");
});
