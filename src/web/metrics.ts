import { Counter, collectDefaultMetrics, Registry } from "prom-client";

/** The numbers of one process, in Prometheus' text format. Names and labels are bounded: no text of a user becomes one. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #events = new Counter({
    name: "batchkeeper_webhooks_total",
    help: "Webhooks by event and result (accepted, refused, failed).",
    labelNames: ["event", "result"],
    registers: [this.#registry],
  });
  readonly #calls = new Counter({
    name: "batchkeeper_github_requests_total",
    help: "Calls to GitHub by method and status; status 0 is no answer.",
    labelNames: ["method", "status"],
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  countWebhook(event: string, result: string): void {
    this.#events.inc({ event, result });
  }

  countCall(method: string, status: number): void {
    this.#calls.inc({ method, status });
  }

  /** The answer of `/metrics`. */
  async text(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
