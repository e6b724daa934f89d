import { readFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { parse } from "yaml";
import { INTERVAL } from "../../src/events/reconcile/period.ts";
import { REPOSITORY, test, testIn, type World } from "../scenarios/world.ts";

async function metrics(world: World): Promise<string> {
  return (await fetch(`${world.url}/metrics`)).text();
}

/** Names of ours in a text that uses or describes metrics, without what Prometheus adds to a histogram's. */
function names(text: string): Set<string> {
  return new Set((text.match(/batchkeeper_[a-z_]+/g) ?? []).map((name) => name.replace(/_(bucket|sum|count)$/, "")));
}

function documented(path: string): string {
  return readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");
}

describe("the metrics", () => {
  test("tell how pipelines stand, and how long events take", async ({ world }) => {
    for (let run = 0; run < 5; run += 1) await world.run({ homebrew: "failure", npm: "success" });
    await world.comment("olga", "/batch stop npm");
    await world.pass(INTERVAL);
    const text = await metrics(world);
    const labels = `repository="${REPOSITORY}"`;
    for (const line of [
      `batchkeeper_breaker_state{${labels},ecosystem="homebrew",state="open"} 1`,
      `batchkeeper_breaker_state{${labels},ecosystem="homebrew",state="closed"} 0`,
      `batchkeeper_holds{${labels},kind="operator"} 1`,
      `batchkeeper_budget_limit_minutes{${labels},system="linux"} 5000`,
      `batchkeeper_incidents_open{${labels},severity="medium"} 1`,
      'batchkeeper_events_total{event="workflow_run",result="done"} 10',
      'batchkeeper_event_seconds_count{event="workflow_run"} 10',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).toMatch(/^batchkeeper_github_rate_limit_remaining\{installation="\d+",resource="core"\} \d+$/m);
  });

  test("count writes that met another writer, and calls that were tried again", async ({ world }) => {
    world.github.fault({
      method: "PUT",
      path: /contents\/batch-control/,
      status: 409,
      times: 1,
      body: { message: "batch-control.json does not match abc" },
    });
    world.github.fault({ method: "GET", path: /\/jobs/, status: 502, times: 1 });
    await world.run({ npm: "failure" });
    expect(await world.metric("batchkeeper_control_conflicts_total")).toBe(1);
    expect(await metrics(world)).toMatch(/^batchkeeper_github_retries_total\{why="wait"\} 1$/m);
  });

  test("a name that is no ecosystem's, and the addresses of repositories, become no label", async ({ world }) => {
    await world.editControl("olga", { circuit_breaker: { 'x"} 1\nforged 1': { state: "open", failures: 1 } } });
    await world.run({ npm: "success" });
    const text = await metrics(world);
    expect(text).not.toContain("forged");
    expect(text).not.toMatch(/route="[^"]*(acme|\d)/);
    expect(text).toContain('route="/repos/{owner}/{repo}/actions/runs/{id}/attempts/{id}/jobs"');
  });

  test("are what the documentation, the dashboard and the alert rules say they are", async ({ world }) => {
    await world.run({ npm: "success" });
    const told = new Set([...(await metrics(world)).matchAll(/^# TYPE (batchkeeper_\w+)/gm)].map(([, name]) => name));
    expect(names(documented("operations.md"))).toEqual(told);
    const used = names(documented("monitoring/alerts.yml") + documented("monitoring/dashboard.json"));
    expect([...used].filter((name) => !told.has(name))).toEqual([]);
    expect(parse(documented("monitoring/alerts.yml")).groups[0].rules.length).toBeGreaterThan(5);
  });
});

testIn({ ownMetrics: true })(
  "with an address of their own they are served there, and nowhere else",
  async ({ world }) => {
    expect((await fetch(`${world.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${world.metricsUrl}/metrics`)).status).toBe(200);
    expect((await fetch(`${world.metricsUrl}/`)).status).toBe(404);
  },
);
