import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { InboxState } from "../inbox/inbox.ts";

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
    help: "Calls to GitHub by method and status; status 0 is no answer.",
    labelNames: ["method", "status"],
    registers: [this.#registry],
  });

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

  countCall(method: string, status: number): void {
    this.#calls.inc({ method, status });
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
