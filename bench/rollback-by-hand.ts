import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the work of an operator came to. */
export interface ByHand {
  /** Commands of git that were run. */
  readonly commands: number;
  /** Those among them that talk to the server. */
  readonly remote: number;
  /** Milliseconds. */
  readonly took: number;
}

const ID = "2026-02-18";

/** Rolls a batch back as the runbook's script does it, by real git in a clone of a repository on this machine. */
export async function rollBackByHand(size: number, others: number): Promise<ByHand> {
  const folder = mkdtempSync(join(tmpdir(), "batchkeeper-by-hand-"));
  try {
    const clone = prepare(folder, size, others);
    const startedAt = performance.now();
    let commands = 0;
    const git = (...args: string[]) => {
      commands += 1;
      return gitIn(clone, args);
    };
    git("fetch", "--quiet", "origin", "+refs/pull/*/head:refs/pull/*/head");
    const listed = git("log", "--all", "--name-only", `--grep=batch_id: ${ID}`, "--format=");
    const files = [...new Set(listed.split("\n").filter((path) => path.startsWith("recipes/")))].sort();
    git("checkout", "--quiet", "-b", `rollback-batch-${ID}`);
    git("rm", "--quiet", ...files);
    git("commit", "--quiet", "-m", `chore: rollback batch ${ID}`);
    git("push", "--quiet", "origin", `rollback-batch-${ID}`);
    return { commands, remote: 2, took: performance.now() - startedAt };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A bare repository whose batch was squashed, so that only `refs/pull/1/head` bears its id; and a clone of it. */
function prepare(folder: string, size: number, others: number): string {
  const work = join(folder, "work");
  const bare = join(folder, "origin.git");
  const clone = join(folder, "clone");
  mkdirSync(work);
  gitIn(work, ["init", "--quiet", "--initial-branch=main"]);
  write(work, "other", others);
  commit(work, "recipes");
  gitIn(work, ["checkout", "--quiet", "-b", "batch"]);
  write(work, "batch", size);
  commit(work, `feat(recipes): add batch ${ID} recipes\n\nbatch_id: ${ID}`);
  gitIn(work, ["update-ref", "refs/pull/1/head", "HEAD"]);
  gitIn(work, ["checkout", "--quiet", "main"]);
  gitIn(work, ["merge", "--quiet", "--squash", "batch"]);
  gitIn(work, ["commit", "--quiet", "-m", "feat(recipes): add batch recipes"]);
  gitIn(work, ["branch", "--quiet", "-D", "batch"]);
  gitIn(folder, ["clone", "--quiet", "--mirror", work, bare]);
  gitIn(folder, ["clone", "--quiet", bare, clone]);
  return clone;
}

function write(folder: string, prefix: string, count: number): void {
  for (let index = 0; index < count; index++) {
    const letter = join(folder, "recipes", String.fromCharCode(97 + (index % 26)));
    mkdirSync(letter, { recursive: true });
    writeFileSync(join(letter, `${prefix}${index}.toml`), `# ${index}\n`);
  }
}

function commit(folder: string, message: string): void {
  gitIn(folder, ["add", "."]);
  gitIn(folder, ["commit", "--quiet", "-m", message]);
}

const IDENTITY = ["-c", "user.name=olga", "-c", "user.email=olga@example.com", "-c", "commit.gpgsign=false"];

function gitIn(folder: string, args: readonly string[]): string {
  return execFileSync("git", [...IDENTITY, ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
