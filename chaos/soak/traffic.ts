import { newControlFile } from "../../src/domain/control/control-file.ts";
import type { LocalGitHub } from "../../test/github/local-github.ts";
import { WebhookSender } from "../../test/scenarios/webhook-sender.ts";
import { chance, choose } from "../chance.ts";

/** Repositories, each with an owner of its own: enough that none gets more than a few commits. */
const REPOSITORIES = 60;
const OUTCOMES = ["success", "success", "failure"] as const;

/** What arrives. */
type Arrival = "noise" | "another workflow" | "push" | "batch run" | "question";

/**
 * In a repository like the pipeline's, most events are of workflows and branches that are nobody's business here: three for
 * every run, a push every half hour, some ten batch runs a day, a command now and then. The shares are of an ordinary day;
 * the rate is that of some hundred such repositories.
 */
const MIX: readonly { readonly weight: number; readonly value: Arrival }[] = [
  { weight: 620, value: "noise" },
  { weight: 300, value: "another workflow" },
  { weight: 65, value: "push" },
  { weight: 13, value: "batch run" },
  { weight: 2, value: "question" },
];

/** A payload as the local GitHub delivers it. */
interface Template {
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** One repository that events come from. */
interface Source {
  readonly name: string;
  readonly started: Template;
  readonly ended: Template;
  readonly pushed: Template;
}

/** Makes what arrives at an app that is installed in many repositories. */
export class Traffic {
  readonly #github: LocalGitHub;
  readonly #sender: WebhookSender;
  readonly #sources: readonly Source[];
  #count = 0;
  /** How many of each arrived. */
  readonly arrivals = new Map<Arrival, number>();
  /** Answers to what was posted, by status. */
  readonly answers = new Map<number, number>();

  private constructor(github: LocalGitHub, sources: readonly Source[]) {
    this.#github = github;
    this.#sender = new WebhookSender(github);
    this.#sources = sources;
  }

  /** Makes the repositories and learns what their events look like; nothing is delivered yet. */
  static async prepare(github: LocalGitHub): Promise<Traffic> {
    github.webhookUrl = "http://127.0.0.1:9/";
    github.onDelivery(() => "drop");
    const sources: Source[] = [];
    for (let index = 0; index < REPOSITORIES; index += 1) sources.push(await found(github, index));
    github.onDelivery(() => "send");
    return new Traffic(github, sources);
  }

  /** The next event: the same mix in the same order every time. */
  async arrive(): Promise<void> {
    const nth = this.#count;
    this.#count += 1;
    const source = this.#sources[Math.floor(chance(1, "where", nth) * this.#sources.length)];
    if (source === undefined) return;
    const arrival = choose(MIX, chance(1, "what", nth));
    this.arrivals.set(arrival, (this.arrivals.get(arrival) ?? 0) + 1);
    switch (arrival) {
      case "noise":
        return this.#post(source.started, nth);
      case "another workflow":
        return this.#post(source.ended, nth);
      case "push":
        return this.#post(source.pushed, nth);
      case "batch run":
        return endBatchRun(this.#github, source.name, OUTCOMES[nth % OUTCOMES.length] ?? "success");
      case "question":
        await this.#github.commentAs("olga", source.name, 1, "/batch status");
    }
  }

  /** A copy of an event, as another of its kind: what is not stored at the local GitHub costs it nothing. */
  async #post({ event, payload }: Template, nth: number): Promise<void> {
    const { workflow_run: run } = payload;
    const another =
      typeof run === "object" && run !== null ? { workflow_run: { ...run, id: 20_000_000_000 + nth } } : {};
    const { status, body } = await this.#sender.deliver(event, { ...payload, ...another });
    await body?.cancel();
    this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
  }
}

async function found(github: LocalGitHub, index: number): Promise<Source> {
  const files = { "batch-control.json": newControlFile().text, "data/queue.json": "{}\n" };
  const name = github.createRepository({
    owner: `owner-${index + 1}`,
    name: "recipes",
    files,
    collaborators: { olga: "write" },
  });
  for (const file of ["batch-generate.yml", "tests.yml"]) github.addWorkflow(name, `.github/workflows/${file}`, file);
  await github.openIssueAs("olga", name, { title: "Operations" });
  const mark = github.deliveries.length;
  github.pushAs("olga", name, "main", { "data/queue.json": "[]\n" }, "chore: queue");
  github.completeRun(github.startRun(name, "tests.yml"), { conclusion: "success" });
  const template = (event: string, action: string | null): Template => {
    const delivery = github.deliveries.slice(mark).find((row) => row.event === event && row.action === action);
    if (delivery === undefined) throw new Error(`the local GitHub reported no ${event}`);
    return { event, payload: JSON.parse(delivery.body) };
  };
  return {
    name,
    started: template("workflow_run", "requested"),
    ended: template("workflow_run", "completed"),
    pushed: template("push", null),
  };
}

function endBatchRun(github: LocalGitHub, repository: string, conclusion: "success" | "failure"): void {
  const id = github.startRun(repository, "batch-generate.yml");
  const jobs = ["homebrew", "npm"].map((name) => ({ name: `generate (${name}, linux)`, conclusion }));
  github.completeRun(id, { conclusion, jobs });
}
