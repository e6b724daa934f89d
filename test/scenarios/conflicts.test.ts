import { describe, expect } from "vitest";
import { CONTROL_FILE, LENGTHENING, REPOSITORY, test, testIn, type World } from "./world.ts";

const PUT_FILE = { method: "PUT", path: `/repos/${REPOSITORY}/contents/${CONTROL_FILE}` };
const MERGE = { method: "PUT", path: /\/pulls\/\d+\/merge$/ };

/** The pipeline's script writes the breaker of npm, as it does at the end of a run. */
function scriptCounts(world: World, failures: number): void {
  const circuit_breaker = { ...world.control().circuit_breaker, npm: { state: "closed", failures } };
  const text = world.editedControl({ circuit_breaker });
  world.github.pushAs("script", REPOSITORY, "main", { [CONTROL_FILE]: text }, "update breaker");
}

describe("another writer gets in between reading and writing, and both changes survive:", () => {
  test("a run is counted", async ({ world }) => {
    world.beforeNext(PUT_FILE, () => scriptCounts(world, 2));
    await world.run({ homebrew: "failure" });
    expect(world.control().circuit_breaker).toMatchObject({ npm: { failures: 2 }, homebrew: { failures: 1 } });
  });

  test("a stop is being merged", async ({ world }) => {
    world.beforeNext(MERGE, () => scriptCounts(world, 2));
    await world.comment("olga", "/batch stop homebrew");
    expect(world.control()).toMatchObject({
      disabled_ecosystems: ["homebrew"],
      circuit_breaker: { npm: { failures: 2 } },
    });
  });

  test("a stop meets a stop by hand in the same lines, and is computed anew", async ({ world }) => {
    world.beforeNext(MERGE, () => {
      const text = world.editedControl({ disabled_ecosystems: ["npm"], reason: "by hand" });
      world.github.pushAs("paul", REPOSITORY, "main", { [CONTROL_FILE]: text }, "stop npm");
    });
    const comment = await world.comment("olga", "/batch stop homebrew");
    expect(world.control().disabled_ecosystems).toEqual(["homebrew", "npm"]);
    expect(world.control().batchkeeper?.holds).toMatchObject([
      { scope: "npm", by: "paul", reason: "by hand" },
      { scope: "homebrew", by: "olga" },
    ]);
    expect(world.pulls()).toMatchObject([{ merged: true }]);
    expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
  });

  test("a resume meets a stop of something else", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    world.beforeNext(MERGE, () => {
      const text = world.editedControl({ disabled_ecosystems: ["homebrew", "npm"] });
      world.github.pushAs("paul", REPOSITORY, "main", { [CONTROL_FILE]: text }, "stop npm");
    });
    await world.comment("olga", "/batch resume homebrew");
    expect(world.control().disabled_ecosystems).toEqual(["npm"]);
    expect(world.held()).toEqual(["npm"]);
  });

  test("a resume meets the same by hand, and leaves no pull request behind", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    world.beforeNext(MERGE, () => {
      const text = world.editedControl({ disabled_ecosystems: [], reason: "", incident_url: "" });
      world.github.pushAs("paul", REPOSITORY, "main", { [CONTROL_FILE]: text }, "resume homebrew");
    });
    await world.comment("olga", "/batch resume homebrew");
    expect(world.held()).toEqual([]);
    expect(world.pulls().filter(({ state }) => state === "open")).toEqual([]);
    expect(Object.keys(world.github.branches(REPOSITORY))).toEqual(["main"]);
  });

  test("the file is deleted under a run", async ({ world }) => {
    await world.comment("olga", "/batch stop npm");
    world.beforeNext(PUT_FILE, () => {
      world.github.pushAs("paul", REPOSITORY, "main", { [CONTROL_FILE]: null }, "delete");
    });
    await world.run({ homebrew: "failure" });
    expect(world.held()).toEqual(["npm"]);
    expect(world.control().circuit_breaker).toMatchObject({ homebrew: { failures: 1 } });
  });

  testIn({ backoff: LENGTHENING })(
    "the file breaks under a run, which is then not counted and overwrites nothing",
    async ({ world }) => {
      world.beforeNext(PUT_FILE, () => {
        world.github.pushAs("paul", REPOSITORY, "main", { [CONTROL_FILE]: "{" }, "oops");
      });
      await world.run({ homebrew: "failure" });
      expect(world.controlText()).toBe("{");
      expect(world.openIncidents()).toMatchObject([{ title: "The control file cannot be read" }]);
    },
  );
});

test("what somebody else pushes onto the branch of a stop does not land with it", async ({ world }) => {
  world.beforeNext(MERGE, () => {
    const branch = world.pulls()[0]?.head ?? "";
    world.github.pushAs("mallory", REPOSITORY, branch, { ".github/workflows/evil.yml": "on: push" }, "hello");
  });
  await world.comment("olga", "/batch stop homebrew");
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.github.fileAt(REPOSITORY, ".github/workflows/evil.yml")).toBeNull();
  expect(world.pulls()).toMatchObject([{ merged: true }]);
});

describe("a merge that GitHub refuses because a branch was modified", () => {
  const refusal = { status: 405, body: { message: "Base branch was modified. Review and try the merge again." } };

  test("is repeated as it is, after a pause", async ({ world }) => {
    const fault = world.github.fault({ ...MERGE, ...refusal, times: 2 });
    const mark = world.github.log.length;
    const comment = await world.comment("olga", "/batch stop homebrew");
    expect(fault.hits).toBe(2);
    expect(world.held()).toEqual(["homebrew"]);
    expect(world.pulls()).toMatchObject([{ merged: true }]);
    expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
    const writes = world.github
      .calls(mark)
      .filter(({ method, path }) => method !== "GET" && /\/(contents|git)\//.test(path));
    expect(writes.map(({ method }) => method)).toEqual(["POST", "PUT", "DELETE"]);
    expect(world.clock.waits).toHaveLength(2);
  });

  test("is given up after four times, and the change computed anew in the same pull request", async ({ world }) => {
    const fault = world.github.fault({ ...MERGE, ...refusal, times: 4 });
    world.github.fault({ method: "DELETE", path: /\/git\/refs\//, status: 500 });
    const { main } = world.github.branches(REPOSITORY);
    await world.comment("olga", "/batch stop homebrew");
    expect(fault.hits).toBe(4);
    expect(world.held()).toEqual(["homebrew"]);
    const [pull, ...others] = world.pulls();
    expect([pull?.merged, others]).toEqual([true, []]);
    const [commit] = world.github.commits(REPOSITORY, { ref: pull?.head ?? "" });
    expect(commit).toMatchObject({
      parents: [main],
      author: "batchkeeper[bot]",
      verified: true,
      files: [CONTROL_FILE],
    });
  });
});

test("a second writer at every attempt is given up on, and the event tried again later", async ({ world }) => {
  const fault = world.github.fault({
    ...PUT_FILE,
    status: 409,
    body: { message: `${CONTROL_FILE} does not match abc` },
  });
  const before = world.controlText();
  const running = world.run({ homebrew: "failure" });
  await expect.poll(() => fault.hits, { timeout: 15_000 }).toBeGreaterThan(8);
  expect(world.log.join("")).toContain("each of 8 attempts met another writer or no answer");
  expect(world.controlText()).toBe(before);
  fault.remove();
  await running;
  expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
});

test.for([
  { kind: "that the file changed", message: `${CONTROL_FILE} does not match 8f3b1c` },
  { kind: "that the branch moved", message: "is at 8f3b1c but expected 9a0d22" },
  { kind: "that the branch moved, in other words", message: "refs/heads/main expected to be at 8f3b1c" },
])("a 409 that says $kind is answered by reading again and writing again", async ({ message }, { world }) => {
  world.github.fault({ ...PUT_FILE, status: 409, body: { message }, times: 2 });
  await world.run({ homebrew: "failure" });
  expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
  expect(world.pulls()).toEqual([]);
  const waits = world.clock.waits;
  expect(waits).toHaveLength(2);
  expect(Math.max(...waits)).toBeLessThanOrEqual(100);
});

test.for([
  "Repository rule violations found\n\nChanges must be made through a pull request.",
  "At least 1 approving review is required by reviewers with write access.",
  'Required status check "build" is expected.',
])("a 409 that names a rule (%s) is answered by a pull request", async (message, { world }) => {
  world.github.fault({ ...PUT_FILE, status: 409, body: { message }, times: 1 });
  await world.run({ homebrew: "failure" });
  expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
  expect(world.pulls()).toMatchObject([{ title: expect.stringMatching(/^Count run \d+\.1$/), merged: true }]);
});

test.for([
  { what: "a server error after its effect", failure: { status: 502, after: true } },
  { what: "a server error before its effect", failure: { status: 502 } },
  { what: "a cut connection after its effect", failure: { closeSocket: true, after: true } },
])("a run whose write ends in $what is counted in one commit", async ({ failure }, { world }) => {
  world.github.fault({ ...PUT_FILE, ...failure, times: 1 });
  await world.run({ homebrew: "failure" });
  expect(world.control().circuit_breaker.homebrew?.failures).toBe(1);
  expect(world.controlCommits()).toHaveLength(2);
});
