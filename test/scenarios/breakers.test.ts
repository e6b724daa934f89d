import { describe, expect } from "vitest";
import { BEGINNING } from "./beginning.ts";
import { CONFIGURATION, CONTROL_FILE, REPOSITORY, test, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Some days ago, so that runs can be said to be far apart. */
const MONDAY = BEGINNING - 72 * HOUR;

/** Four failing runs, ten minutes apart: the last ends half an hour after `from`. */
async function failFourTimes(world: World, from = MONDAY): Promise<void> {
  for (let run = 0; run < 4; run++) await world.run({ homebrew: "failure" }, { endedAt: from + run * 10 * MINUTE });
}

const OPENED = MONDAY + 30 * MINUTE;

function breaker(world: World) {
  return world.control().circuit_breaker.homebrew;
}

test("an ecosystem that fails from its first run on opens its breaker at the fourth", async ({ world }) => {
  for (let run = 1; run <= 3; run++) {
    await world.run({ homebrew: "failure", npm: "success" });
    expect(breaker(world)).toMatchObject({ state: "closed", failures: run });
  }
  await world.run({ homebrew: "failure", npm: "success" });
  expect(breaker(world)).toMatchObject({ state: "open", failures: 4 });
  expect(world.control().circuit_breaker.npm).toMatchObject({ state: "closed", failures: 0 });
});

test("the documented number of failures in a row opens a breaker", async ({ world }) => {
  const settings = "breaker: { consecutive: 2, min_calls: 10 }\n";
  await world.push("olga", { ".github/batchkeeper.yml": settings });
  await world.run({ homebrew: "failure" });
  await world.run({ homebrew: "success" });
  await world.run({ homebrew: "failure" });
  expect(breaker(world)?.state).toBe("closed");
  await world.run({ homebrew: "failure" });
  expect(breaker(world)).toMatchObject({ state: "open", failures: 2 });
});

test("an open breaker is due one hour after the failure that opened it", async ({ world }) => {
  await failFourTimes(world);
  expect(breaker(world)).toMatchObject({
    last_failure: new Date(OPENED).toISOString().replace(".000", ""),
    opens_at: new Date(OPENED + HOUR).toISOString().replace(".000", ""),
  });
});

test("a run is counted in one commit that names it", async ({ world }) => {
  const run = await world.run({ homebrew: "failure" });
  expect(world.controlCommits()[0]).toMatchObject({
    message: expect.stringMatching(/^chore\(batch\): count a run: homebrew closed \[skip ci\]\n/),
    trailers: { "Batchkeeper-Run": `${run}.1` },
    verified: true,
    files: ["batch-control.json"],
  });
  expect(world.control().batchkeeper?.seen.runs).toEqual([`${run}.1`]);
});

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
      await expect.poll(() => fault.hits).toBeGreaterThan(3);
      fault.remove();
      await running;
      expect(world.incidents()).toMatchObject([
        { state: "open", labels: ["batchkeeper", "incident", "ecosystem:homebrew", "severity:high"] },
      ]);
      expect(world.replies(world.incidents()[0]?.number)).toHaveLength(2);
    },
  );
});

describe("a run counts once", () => {
  test("when its event is doubled", async ({ world }) => {
    world.github.onDelivery(() => "double");
    await world.run({ homebrew: "failure" });
    expect(breaker(world)?.failures).toBe(1);
    expect(world.controlCommits()).toHaveLength(2);
  });

  test("when its event comes again after the app has lost its memory", async ({ world }) => {
    await failFourTimes(world);
    const before = world.controlText();
    const commits = world.controlCommits().length;
    await world.startApp();
    for (const { guid } of world.github.deliveries.filter(({ event }) => event === "workflow_run")) {
      world.github.redeliver(guid);
    }
    await world.quiet();
    expect(world.controlText()).toBe(before);
    expect(world.controlCommits()).toHaveLength(commits);
    // The runs are days old, so that the new process also tells that no other has followed.
    expect(world.incidents().map(({ title }) => title)).toEqual([
      "homebrew: the circuit breaker is open",
      "No batch has run for a while, although nothing stops it",
    ]);
  });

  test("and its rerun takes its place", async ({ world }) => {
    const run = await world.run({ homebrew: "failure" }, { endedAt: MONDAY });
    world.github.rerun(run, new Date(MONDAY + HOUR).toISOString());
    const jobs = [{ name: "generate (homebrew, linux)", startedAt: new Date(MONDAY + HOUR).toISOString() }];
    const completedAt = new Date(MONDAY + HOUR + 5 * MINUTE).toISOString();
    world.github.completeRun(run, { conclusion: "success", jobs, completedAt });
    await world.quiet();
    expect(breaker(world)?.failures).toBe(0);
    expect(world.control().batchkeeper?.breakers.homebrew?.window).toEqual([expect.stringMatching(`^${run}\\.2 `)]);
  });
});

test("runs leave the same breaker in whatever order they arrive", async ({ world }) => {
  const story = ["success", "failure", "failure", "failure", "success", "failure"] as const;
  // It is due in half an hour: a timer leaves it alone.
  const from = Math.floor(Date.now() / 1000) * 1000 - HOUR;
  for (const order of ["in-order", "reversed"] as const) {
    world.github.onDelivery(({ event }) => (event === "workflow_run" ? "hold" : "send"));
    for (const [index, outcome] of story.entries()) {
      await world.run({ [order]: outcome }, { endedAt: from + index * 10 * MINUTE });
    }
    world.github.release(order);
    await world.quiet();
  }
  const { "in-order": inOrder, reversed } = world.control().circuit_breaker;
  expect(inOrder).toMatchObject({ state: "open", failures: 3 });
  expect(reversed).toEqual(inOrder);
});

describe("a run that says nothing about the pipeline is ignored:", () => {
  test.for([
    { what: "of another branch", story: { branch: "feature" } },
    { what: "of a pull request", story: { event: "pull_request" } },
    { what: "of a pull request from outside", story: { event: "pull_request_target" } },
    { what: "of another workflow", story: { workflow: "lint.yml" } },
  ])("$what", async ({ story }, { world }) => {
    world.github.addWorkflow(REPOSITORY, ".github/workflows/lint.yml", "Lint");
    world.github.createBranch(REPOSITORY, "feature");
    const before = world.controlText();
    await world.run({ homebrew: "failure" }, story);
    expect(world.controlText()).toBe(before);
  });

  test("of a fork whose branch is called like ours", async ({ world }) => {
    world.github.onDelivery(() => "drop");
    await world.run({ homebrew: "failure" });
    const payload = JSON.parse(world.github.deliveries.at(-1)?.body ?? "");
    payload.workflow_run.head_repository.full_name = "mallory/recipes";
    const before = world.controlText();
    const answer = await world.webhook.deliver("workflow_run", payload);
    expect(answer.status).toBe(202);
    expect(world.controlText()).toBe(before);
  });
});

test("a breaker that was due while the control file could not be read is half-open once it is mended", async ({
  world,
}) => {
  const now = Date.now();
  for (const ago of [4, 3, 2, 1, 0]) await world.run({ homebrew: "failure" }, { endedAt: now - ago * MINUTE });
  expect(world.control().circuit_breaker.homebrew?.state).toBe("open");
  const sound = world.controlText() ?? "";
  await world.push("olga", { [CONTROL_FILE]: "{ oops" });
  await world.pass(HOUR + MINUTE);
  await world.push("olga", { [CONTROL_FILE]: sound });
  expect(world.control().circuit_breaker.homebrew?.state).toBe("half-open");
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
