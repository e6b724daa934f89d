import { describe, expect } from "vitest";
import { HOUR, MINUTE } from "../../src/domain/instant.ts";
import { breaker, failFourTimes, MONDAY, OPENED } from "./breaker-story.ts";
import { CONFIGURATION, REPOSITORY, test, type World } from "./world.ts";

describe("incidents", () => {
  test("an open breaker has one incident with its facts", async ({ world }) => {
    await failFourTimes(world);
    await world.run({ homebrew: "failure" }, { endedAt: OPENED + 10 * MINUTE });
    expect(world.incidents()).toMatchObject([
      {
        title: "homebrew: the circuit breaker is open",
        state: "open",
        labels: ["batchkeeper", "incident", "ecosystem:homebrew", "severity:medium"],
      },
    ]);
    const body = world.incidents()[0]?.body ?? "";
    const [first] = world.control().batchkeeper?.seen.runs ?? [];
    expect(body).toContain("4 failing runs in a row (100 % of what the last 4 runs tried)");
    expect(body).toContain(`[${first}](${world.github.url}/${REPOSITORY}/actions/runs/`);
    expect(body).toContain("/batch stop homebrew — reason");
  });

  test("a failed probe is told in the incident and doubles the wait", async ({ world }) => {
    await failFourTimes(world);
    const probe = OPENED + HOUR + 10 * MINUTE;
    await world.run({ homebrew: "failure" }, { endedAt: probe });
    expect(breaker(world)?.opens_at).toBe(new Date(probe + 2 * HOUR).toISOString().replace(".000", ""));
    const [incident, ...others] = world.incidents();
    expect(others).toEqual([]);
    expect(world.replies(incident?.number)).toEqual([
      expect.stringContaining("The probe of **homebrew** failed: opened 2 times in a row"),
    ]);
    expect(incident?.labels).toContain("severity:medium");
  });

  test("the third opening in a row raises the incident to high", async ({ world }) => {
    await failFourTimes(world);
    await world.run({ homebrew: "failure" }, { endedAt: OPENED + 2 * HOUR });
    await world.run({ homebrew: "failure" }, { endedAt: OPENED + 5 * HOUR });
    expect(world.incidents()).toMatchObject([
      { state: "open", labels: ["batchkeeper", "incident", "ecosystem:homebrew", "severity:high"] },
    ]);
    expect(world.replies(world.incidents()[0]?.number)).toEqual([
      expect.stringContaining("opened 2 times"),
      expect.stringContaining("raised to **high**"),
    ]);
  });

  test("a success once the breaker is due closes the breaker, and the next one its incident", async ({ world }) => {
    await failFourTimes(world);
    const probe = await world.run({ homebrew: "success" }, { endedAt: OPENED + 2 * HOUR });
    expect(breaker(world)).toMatchObject({ state: "closed", failures: 0, opens_at: "" });
    expect(world.incidents()).toMatchObject([{ state: "open" }]);
    const next = await world.run({ homebrew: "success" }, { endedAt: OPENED + 3 * HOUR });
    expect(world.incidents()).toMatchObject([{ state: "closed", stateReason: "completed" }]);
    expect(world.replies(world.incidents()[0]?.number)).toEqual([
      expect.stringContaining(`run ${probe}.1 succeeded and the circuit breaker closed`),
      expect.stringContaining(`the last 2 runs, ${probe}.1 and ${next}.1, were good`),
    ]);
  });

  test("one good run between failures does not close the incident of a breaker that closed", async ({ world }) => {
    await failFourTimes(world);
    await world.run({ homebrew: "success" }, { endedAt: OPENED + 2 * HOUR });
    await world.run({ homebrew: "failure" }, { endedAt: OPENED + 3 * HOUR });
    await world.run({ homebrew: "success" }, { endedAt: OPENED + 4 * HOUR });
    expect(breaker(world)).toMatchObject({ state: "closed", failures: 0 });
    expect(world.openIncidents()).toHaveLength(1);
  });

  test("a breaker that a person tripped has none, although a run that failed before is heard of again", async ({
    world,
  }) => {
    await world.run({ homebrew: "failure" });
    await world.comment("olga", "/batch breaker homebrew trip — the mirror is bad");
    await world.startApp();
    const runs = world.github.deliveries.filter(({ event }) => event === "workflow_run");
    for (const delivery of runs) await world.redeliver(delivery);
    expect(breaker(world)?.state).toBe("open");
    expect(world.openIncidents()).toEqual([]);
  });

  test("a success while the breaker is open and not due closes nothing", async ({ world }) => {
    await failFourTimes(world);
    await world.run({ homebrew: "success" }, { endedAt: OPENED + 30 * MINUTE });
    expect(breaker(world)?.state).not.toBe("closed");
    expect(world.openIncidents()).toHaveLength(1);
  });

  test("an ecosystem with the longest of names has an incident like any other", async ({ world }) => {
    const name = "a".repeat(64);
    for (let run = 0; run < 4; run++) await world.run({ [name]: "failure" }, { endedAt: OPENED + run * MINUTE });
    await world.run({ [name]: "failure" }, { endedAt: OPENED + 2 * HOUR });
    expect(world.incidents()).toMatchObject([{ title: `${name}: the circuit breaker is open`, state: "open" }]);
    await world.run({ [name]: "success" }, { endedAt: OPENED + 5 * HOUR });
    await world.run({ [name]: "success" }, { endedAt: OPENED + 6 * HOUR });
    expect(world.incidents()).toMatchObject([{ state: "closed" }]);
  });

  describe("left open although the breaker is closed", () => {
    const CLOSE = { method: "PATCH", path: /\/issues\/\d+$/ };
    const listings = (world: World, mark: number) =>
      world.github.calls(mark).filter(({ method, path }) => method === "GET" && path.includes("/issues?")).length;

    test("because its closing failed for good, is closed by the next success", async ({ world }) => {
      await failFourTimes(world);
      await world.run({ homebrew: "success" }, { endedAt: OPENED + 2 * HOUR });
      const fault = world.github.fault({ ...CLOSE, status: 422 });
      await world.run({ homebrew: "success" }, { endedAt: OPENED + 3 * HOUR });
      fault.remove();
      expect(world.openIncidents()).toHaveLength(1);
      await world.run({ homebrew: "failure" }, { endedAt: OPENED + 4 * HOUR });
      await world.run({ homebrew: "success", npm: "success" }, { endedAt: OPENED + 5 * HOUR });
      expect(world.openIncidents()).toHaveLength(1);
      await world.run({ homebrew: "success", npm: "success" }, { endedAt: OPENED + 6 * HOUR });
      expect(world.openIncidents()).toEqual([]);
    });

    test("is looked for once in the life of a process and after every failure, in one call for all", async ({
      world,
    }) => {
      const success = async (hour: number) => {
        const mark = world.github.log.length;
        await world.run({ homebrew: "success", npm: "success" }, { endedAt: MONDAY + hour * HOUR });
        return listings(world, mark);
      };
      expect([await success(1), await success(2), await success(3)]).toEqual([0, 1, 0]);
      await world.run({ npm: "failure" }, { endedAt: MONDAY + 4 * HOUR });
      expect([await success(5), await success(6)]).toEqual([0, 1]);
      await world.startApp();
      expect([await success(7), await success(8)]).toEqual([1, 0]);
    });

    test("because its entry was deleted by hand, tells the next opening as what it is", async ({ world }) => {
      await failFourTimes(world);
      await world.editControl("olga", { circuit_breaker: {} });
      await failFourTimes(world, OPENED + HOUR);
      expect(breaker(world)?.state).not.toBe("closed");
      const [incident, ...others] = world.incidents();
      expect([incident?.state, others]).toEqual(["open", []]);
      const words = world.replies(incident?.number);
      expect(words).toEqual([
        expect.stringMatching(/was closed meanwhile and has opened again: 4 failing runs in a row/),
      ]);
      expect(words[0]).not.toContain("probe");
      const delivery = world.github.deliveries.findLast(({ event }) => event === "workflow_run");
      await world.startApp();
      if (delivery) await world.redeliver(delivery);
      expect(world.replies(incident?.number)).toEqual(words);
    });

    test("because its entry was deleted by hand, is closed by the next two successes", async ({ world }) => {
      await failFourTimes(world);
      await world.editControl("olga", { circuit_breaker: {} });
      await world.run({ homebrew: "success" }, { endedAt: OPENED + HOUR });
      expect(world.openIncidents()).toHaveLength(1);
      await world.run({ homebrew: "success" }, { endedAt: OPENED + 2 * HOUR });
      expect(world.incidents()).toMatchObject([{ state: "closed" }]);
    });
  });

  test("an issue of a stranger that imitates an incident is not taken for it", async ({ world }) => {
    await failFourTimes(world);
    const own = world.incidents()[0]?.body ?? "";
    await world.github.editIssueAs("olga", REPOSITORY, world.incidents()[0]?.number ?? 0, { state: "closed" });
    const labels = ["batchkeeper", "incident", "ecosystem:homebrew"];
    const forged = await world.github.openIssueAs("mallory", REPOSITORY, { title: "homebrew", body: own });
    await world.github.editIssueAs("olga", REPOSITORY, forged, { labels });
    await world.run({ homebrew: "failure" }, { endedAt: OPENED + 2 * HOUR });
    expect(world.openIncidents()).toHaveLength(1);
    expect(world.replies(forged)).toEqual([]);
    await world.run({ homebrew: "success" }, { endedAt: OPENED + 5 * HOUR });
    await world.run({ homebrew: "success" }, { endedAt: OPENED + 6 * HOUR });
    expect(world.openIncidents()).toEqual([]);
    expect(world.github.issues(REPOSITORY).find(({ number }) => number === forged)?.state).toBe("open");
  });

  test.for(["POST /issues", "POST /issues/N/comments", "PATCH /issues/N"])(
    "an escalation whose %s fails for a while is made up for",
    async (call, { world }) => {
      await failFourTimes(world);
      await world.run({ homebrew: "failure" }, { endedAt: OPENED + 2 * HOUR });
      const [method = "", path = ""] = call.split(" ");
      const fault = world.github.fault({
        method,
        path: new RegExp(`${path.replace("N", String.raw`\d+`)}`),
        status: 500,
      });
      const running = world.run({ homebrew: "failure" }, { endedAt: OPENED + 5 * HOUR });
      // A write is sent three times before its event is put off.
      await expect.poll(() => fault.hits, { timeout: 10_000 }).toBeGreaterThan(3);
      fault.remove();
      await running;
      expect(world.incidents()).toMatchObject([
        { state: "open", labels: ["batchkeeper", "incident", "ecosystem:homebrew", "severity:high"] },
      ]);
      expect(world.replies(world.incidents()[0]?.number)).toHaveLength(2);
    },
  );
});

test("an incident is raised for a late outcome that opened its breaker, although telling it failed at first", async ({
  world,
}) => {
  await world.push("olga", { [CONFIGURATION]: "breaker: { consecutive: 3, min_calls: 4, escalate_after: 2 }\n" });
  const run = (outcome: "success" | "failure", hour: number) =>
    world.run({ homebrew: outcome }, { endedAt: MONDAY + hour * HOUR });
  await run("failure", 0);
  await run("success", 1);
  await run("success", 2);
  world.github.onDelivery(({ event }) => (event === "workflow_run" ? "hold" : "send"));
  await run("failure", 3);
  world.github.onDelivery(() => "send");
  await run("failure", 6);
  expect(world.openIncidents()).toMatchObject([{ labels: expect.arrayContaining(["severity:medium"]) }]);
  // As often as a read is tried.
  const fault = world.github.fault({ method: "GET", path: /\/issues\?.*labels=.*state=all/, status: 500, times: 4 });
  world.github.release();
  await world.quiet();
  expect(fault.hits).toBe(4);
  const [incident] = world.openIncidents();
  expect(world.control().batchkeeper?.breakers.homebrew?.trips).toBe(2);
  expect(incident?.labels).toContain("severity:high");
  expect(incident?.labels).not.toContain("severity:medium");
  expect(world.replies(incident?.number)).toHaveLength(1);
});
