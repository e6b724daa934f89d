import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Handled, InboxState, Waiting } from "../inbox/inbox.ts";

const STATES = ["closed", "open", "half-open"] as const;
const SEVERITIES = ["critical", "high", "medium", "low", "unclassified"] as const;

/** What is told of a call to GitHub beside its method and status. */
interface CountedCall {
  readonly route: string;
  readonly installation: number | null;
  readonly limit: { readonly resource: string; readonly remaining: number } | null;
}

/** How a pipeline stands, as far as it is told in numbers; the names are well-formed ones. */
export interface Pipeline {
  readonly repository: string;
  readonly breakers: ReadonlyMap<string, (typeof STATES)[number]>;
  readonly holds: ReadonlyMap<string, number>;
  readonly budget: ReadonlyMap<string, { readonly used: number; readonly limit: number }>;
}

/** The numbers of one process, in Prometheus' text format. Names and labels are bounded: no text of a user becomes one. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #events = new Counter({
    name: "batchkeeper_webhooks_total",
    help: "Webhooks by event and result (accepted, ignored, refused, failed).",
    labelNames: ["event", "result"],
    registers: [this.#registry],
  });
  readonly #calls = new Counter({
    name: "batchkeeper_github_requests_total",
    help: "Calls to GitHub by method, documented route and status; status 0 is no answer.",
    labelNames: ["method", "route", "status"],
    registers: [this.#registry],
  });
  readonly #limits = new Gauge({
    name: "batchkeeper_github_rate_limit_remaining",
    help: "What GitHub says is left of an installation's rate limits, as of its last answer.",
    labelNames: ["installation", "resource"],
    registers: [this.#registry],
  });
  readonly #retries = new Counter({
    name: "batchkeeper_github_retries_total",
    help: "Calls that were tried again, by why (wait: no answer, rest: a rate limit, renew-token).",
    labelNames: ["why"],
    registers: [this.#registry],
  });
  readonly #conflicts = new Counter({
    name: "batchkeeper_control_conflicts_total",
    help: "Writes of a control file that met another writer, or whose answer was lost, and were decided anew.",
    registers: [this.#registry],
  });
  readonly #handled = new Counter({
    name: "batchkeeper_events_total",
    help: "Deliveries that were handed out, by event and result (done, retry, later, dead).",
    labelNames: ["event", "result"],
    registers: [this.#registry],
  });
  readonly #effect = new Histogram({
    name: "batchkeeper_event_seconds",
    help: "From the acceptance of a delivery until all that follows from it was done.",
    labelNames: ["event"],
    buckets: [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600],
    registers: [this.#registry],
  });
  readonly #breakers = new Gauge({
    name: "batchkeeper_breaker_state",
    help: "1 for the state that the breaker of an ecosystem is in, as the control file was last read; 0 for the others.",
    labelNames: ["repository", "ecosystem", "state"],
    registers: [this.#registry],
  });
  readonly #holds = new Gauge({
    name: "batchkeeper_holds",
    help: "Holds that stand, by kind, as the control file was last read.",
    labelNames: ["repository", "kind"],
    registers: [this.#registry],
  });
  readonly #budget = new Gauge({
    name: "batchkeeper_budget_used_minutes",
    help: "Minutes used of the week's budget, as the control file was last read.",
    labelNames: ["repository", "system"],
    registers: [this.#registry],
  });
  readonly #budgetLimit = new Gauge({
    name: "batchkeeper_budget_limit_minutes",
    help: "Minutes of the week's budget.",
    labelNames: ["repository", "system"],
    registers: [this.#registry],
  });
  readonly #incidents = new Gauge({
    name: "batchkeeper_incidents_open",
    help: "Open incidents by severity, as counted with every look for what was missed.",
    labelNames: ["repository", "severity"],
    registers: [this.#registry],
  });
  /** What is known of each repository, so that what is gone is told no more. */
  readonly #ecosystems = new Map<string, ReadonlySet<string>>();

  /** @param inbox tells the state of the inbox when the numbers are asked for. */
  constructor(inbox: () => Promise<InboxState>) {
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge(
      "batchkeeper_inbox_waiting",
      "Deliveries taken over and not handled yet.",
      async () => (await inbox()).waiting,
    );
    this.#gauge(
      "batchkeeper_inbox_oldest_seconds",
      "Age of the oldest delivery that waits; 0 when none does.",
      async () => {
        const { oldest } = await inbox();
        return oldest === null ? 0 : Math.max(0, Date.now() - oldest) / 1000;
      },
    );
    this.#gauge("batchkeeper_inbox_dead_letters", "Deliveries that were given up.", async () => (await inbox()).dead);
  }

  countWebhook(event: string, result: string): void {
    this.#events.inc({ event, result });
  }

  countCall(method: string, status: number, { route, installation, limit }: CountedCall): void {
    this.#calls.inc({ method, route, status });
    if (limit === null || installation === null) return;
    this.#limits.set({ installation, resource: limit.resource }, limit.remaining);
  }

  countRetry(why: string): void {
    this.#retries.inc({ why });
  }

  countConflict(): void {
    this.#conflicts.inc();
  }

  /** Counts what became of deliveries, and how long it took from their acceptance at `now`. */
  countHandled(waiting: readonly Waiting[], handled: Handled, now: number): void {
    const byId = new Map(waiting.map((delivery) => [delivery.id, delivery]));
    const count = (id: string, result: string) => {
      const delivery = byId.get(id);
      if (delivery === undefined) return;
      this.#handled.inc({ event: delivery.event, result });
      if (result === "done")
        this.#effect.observe({ event: delivery.event }, Math.max(0, now - delivery.acceptedAt) / 1000);
    };
    for (const id of handled.done) count(id, "done");
    for (const { id } of handled.retry) count(id, "retry");
    for (const { id } of handled.later) count(id, "later");
    for (const { id } of handled.dead) count(id, "dead");
  }

  /** Shows how a pipeline stands. */
  show({ repository, breakers, holds, budget }: Pipeline): void {
    const known = this.#ecosystems.get(repository) ?? new Set();
    for (const ecosystem of known) {
      if (!breakers.has(ecosystem)) for (const state of STATES) this.#breakers.remove({ repository, ecosystem, state });
    }
    this.#ecosystems.set(repository, new Set(breakers.keys()));
    for (const [ecosystem, said] of breakers) {
      for (const state of STATES) this.#breakers.set({ repository, ecosystem, state }, Number(state === said));
    }
    for (const [kind, count] of holds) this.#holds.set({ repository, kind }, count);
    for (const [system, { used, limit }] of budget) {
      this.#budget.set({ repository, system }, used);
      this.#budgetLimit.set({ repository, system }, limit);
    }
  }

  showIncidents(repository: string, bySeverity: ReadonlyMap<string, number>): void {
    for (const severity of SEVERITIES) this.#incidents.set({ repository, severity }, bySeverity.get(severity) ?? 0);
  }

  #gauge(name: string, help: string, read: () => Promise<number>): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      // While the inbox cannot be asked, the other numbers are told all the same.
      collect: async () => gauge.set(await read().catch(() => Number.NaN)),
    });
  }

  /** The answer of `/metrics`. */
  async text(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
