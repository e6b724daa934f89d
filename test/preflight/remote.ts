import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runStep, type Step } from "./shell.ts";

export const CONTROL_FILE = "batch-control.json";
export const RUN_URL = "https://github.com/acme/recipes/actions/runs/17352";

/** A remote repository in a folder, the clone of another writer, and the shallow checkout of a break-glass run. */
export class Remote implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "remote-"));
  readonly #bare = join(this.#folder, "recipes.git");
  readonly #writer = join(this.#folder, "writer");
  readonly #checkout = join(this.#folder, "checkout");

  /** @param text the control file; null for a repository without one */
  constructor(text: string | null) {
    this.#git(this.#folder, "init", "--quiet", "--bare", "--initial-branch=main", this.#bare);
    this.#git(this.#folder, "clone", "--quiet", `file://${this.#bare}`, this.#writer);
    this.#git(this.#writer, "checkout", "--quiet", "-b", "main");
    this.#git(this.#writer, "config", "user.name", "Sam");
    this.#git(this.#writer, "config", "user.email", "sam@example.com");
    this.push({ "README.md": "recipes\n", ...(text !== null && { [CONTROL_FILE]: text }) });
    this.checkOut();
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** What actions/checkout makes: one commit deep. */
  checkOut(): void {
    rmSync(this.#checkout, { recursive: true, force: true });
    this.#git(this.#folder, "clone", "--quiet", "--depth=1", `file://${this.#bare}`, this.#checkout);
  }

  /** A commit of another writer; null deletes a file. */
  push(files: Readonly<Record<string, string | null>>): void {
    if (this.#git(this.#bare, "branch", "--list") !== "") this.#git(this.#writer, "pull", "--quiet", "origin", "main");
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.#writer, path);
      mkdirSync(dirname(file), { recursive: true });
      if (content === null) rmSync(file);
      else writeFileSync(file, content);
    }
    this.#git(this.#writer, "add", "--all");
    this.#git(this.#writer, "commit", "--quiet", "--message=somebody else");
    this.#git(this.#writer, "push", "--quiet", "origin", "main");
  }

  /** Just before each of the run's first pushes, another writer adds a minute to the budget. */
  overtake(times: number): void {
    const end = this.commits() + times;
    const script = `unset GIT_DIR && cd '${this.#writer}' && [ "$(git rev-list --count HEAD)" -lt ${end} ] || exit 0
      jq '.budget.macos_minutes_used += 1' ${CONTROL_FILE} >budget.json && mv budget.json ${CONTROL_FILE}
      git commit --quiet --all --message=overtaking && git push --quiet origin main`;
    this.#hook(join(this.#checkout, ".git"), "pre-push", script);
  }

  /** The push arrives, and its answer does not. */
  loseAnswer(): void {
    const script = "git push --quiet --no-verify origin HEAD:refs/heads/main; exit 1";
    this.#hook(join(this.#checkout, ".git"), "pre-push", script);
  }

  /** The branch takes no push, as a protected one does. */
  protect(): void {
    this.#hook(this.#bare, "pre-receive", "echo 'GH006: Protected branch update failed' >&2; exit 1");
  }

  breakGlass(inputs: Readonly<Record<string, string>>): Step {
    const bin = join(this.#folder, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "sleep"), "#!/bin/sh\n", { mode: 0o755 });
    return runStep("break-glass.sh", this.#checkout, {
      PATH: `${bin}:${process.env.PATH}`,
      BRANCH: "main",
      CONTROL_FILE,
      ALIASES: "cargo=crates.io",
      GITHUB_ACTOR: "olga",
      GITHUB_ACTOR_ID: "12",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "acme/recipes",
      GITHUB_RUN_ID: "17352",
      GITHUB_RUN_ATTEMPT: "1",
      ...inputs,
    });
  }

  /** The control file on the branch. */
  text(): string {
    return this.#git(this.#bare, "show", `main:${CONTROL_FILE}`);
  }

  /** The newest commit of the branch. */
  commit(): { readonly author: string; readonly committer: string; readonly message: string; readonly files: string } {
    const read = (...args: string[]) => this.#git(this.#bare, ...args).trim();
    return {
      author: read("log", "-1", "--format=%an <%ae>", "main"),
      committer: read("log", "-1", "--format=%cn", "main"),
      message: read("log", "-1", "--format=%B", "main"),
      files: read("show", "--format=", "--name-only", "main"),
    };
  }

  /** How many commits the branch has. */
  commits(): number {
    return Number(this.#git(this.#bare, "rev-list", "--count", "main"));
  }

  #hook(gitFolder: string, name: string, script: string): void {
    const file = join(gitFolder, "hooks", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  #git(cwd: string, ...args: string[]): string {
    const env = { PATH: process.env.PATH, HOME: this.#folder };
    return execFileSync("git", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }
}
