import { describe, expect, vi } from "vitest";
import { CONFIGURATION, REPOSITORY, test, testIn, type World } from "./world.ts";

/** In milliseconds: nothing is measured here, and a machine may be busy. */
const PATIENCE = 30_000;

const PERMISSION = /\/collaborators\/\w+\/permission$/;

function expectRefused(world: World, comment: number, words: RegExp): void {
  expect(world.held()).toEqual([]);
  expect(world.pulls()).toEqual([]);
  expect(world.replies()).toEqual([expect.stringMatching(words)]);
  expect(world.reactions(comment)).toEqual(["eyes", "-1"]);
}

test("who may only read may ask for the status", async ({ world }) => {
  const comment = await world.comment("rita", "/batch status");
  expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
});

test.for(["rita", "mallory"])("%s may not stop, and is told the role that is missing", async (login, { world }) => {
  const comment = await world.comment(login, "/batch stop");
  expectRefused(world, comment, new RegExp(`refused.*\`${login}\` has the role read here, and .* needs write`));
});

test("a stranger to a public repository may ask for the status", async ({ world }) => {
  const comment = await world.comment("mallory", "/batch status");
  expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
});

testIn({ private: true })("a stranger to a private repository may ask for nothing", async ({ world }) => {
  world.github.onDelivery(() => "drop");
  const payload = JSON.parse(world.deliveryOf(await world.comment("olga", "/batch status")).body);
  const mallory = { login: "mallory", id: world.github.createUser("mallory").id, type: "User" };
  await world.webhook.deliver("issue_comment", {
    ...payload,
    sender: mallory,
    comment: { ...payload.comment, user: mallory },
  });
  await world.quiet();
  expect(world.replies()).toEqual([expect.stringContaining("`mallory` has the role none here")]);
});

testIn({
  collaborators: { tom: "triage", mia: "maintain" },
  files: { [CONFIGURATION]: "operators: { permission: maintain }\n" },
})("the role that an operator needs is what the configuration says", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew");
  await world.comment("mia", "/batch stop npm");
  expect(world.held()).toEqual(["npm"]);
  expect(world.replies()[0]).toContain("has the role write here, and `/batch stop` needs maintain");
});

test("a permission that cannot be checked is not called a no, and the command works when repeated", async ({
  world,
}) => {
  const fault = world.github.fault({ method: "GET", path: PERMISSION, status: 502 });
  const comment = await world.comment("olga", "/batch stop homebrew");
  expect(world.held()).toEqual([]);
  expect(world.replies()).toEqual([expect.stringMatching(/your permission could not be checked, which is not a "no"/)]);
  expect(world.replies()[0]).not.toContain("refused");
  expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
  fault.remove();
  await world.comment("olga", "/batch stop homebrew");
  expect(world.held()).toEqual(["homebrew"]);
});

test("a login that now belongs to another account gives that account's permission to nobody", async ({ world }) => {
  const user = { login: "olga", id: 1, type: "User" };
  world.github.fault({
    method: "GET",
    path: PERMISSION,
    status: 200,
    body: { permission: "admin", role_name: "admin", user },
  });
  const comment = await world.comment("olga", "/batch stop");
  expectRefused(world, comment, /`olga` has the role none here/);
});

test("a permission that is lost between the comment and the action is lost", async ({ world }) => {
  world.github.onDelivery(() => "hold");
  const comment = await world.comment("olga", "/batch stop");
  const removed = await fetch(`${world.github.url}/repos/${REPOSITORY}/collaborators/olga`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${world.github.createUser("acme").token}` },
  });
  expect(removed.status).toBe(204);
  world.github.release();
  await world.quiet();
  expectRefused(world, comment, /`olga` has the role read here/);
});

/** A minute later, for the write limit too; what waited for room has it. */
async function aMinuteLater(world: World): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  await world.pass(61_000);
  vi.useRealTimers();
}

test("strangers who type stops elsewhere use up nothing that a stop needs, and are answered in the end", {
  timeout: 2 * PATIENCE,
}, async ({ world }) => {
  const elsewhere = world.github.createRepository({ owner: "acme", name: "elsewhere" });
  await world.github.openIssueAs("mallory", elsewhere, { title: "hello" });
  const answers = () => world.github.comments(elsewhere, 1).filter(({ author }) => author === "batchkeeper[bot]");
  for (let n = 0; n < 30; n++) await world.github.commentAs("mallory", elsewhere, 1, "/batch stop");
  await vi.waitFor(() => expect(answers().length).toBeGreaterThanOrEqual(23), PATIENCE);
  const comment = await world.github.commentAs("olga", REPOSITORY, 1, "/batch stop homebrew");
  try {
    await vi.waitFor(() => expect(world.reactions(comment)).toContain("rocket"), PATIENCE);
    expect(world.held()).toEqual(["homebrew"]);
    await vi.waitFor(() => expect(world.replies()).toHaveLength(1), PATIENCE);
    expect(answers().length).toBeLessThan(30);
  } finally {
    await aMinuteLater(world);
  }
  expect(answers()).toHaveLength(30);
});

test("a stranger who types a hundred commands does not keep an operator's stop waiting for a hundred refusals", {
  timeout: 2 * PATIENCE,
}, async ({ world }) => {
  for (let n = 0; n < 100; n++) await world.github.commentAs("mallory", REPOSITORY, 1, "/batch resume");
  const stop = await world.github.commentAs("olga", REPOSITORY, 1, "/batch stop homebrew");
  await vi.waitFor(() => expect(world.reactions(stop)).toContain("rocket"), PATIENCE);
  expect(world.replies().filter((reply) => reply.includes("needs write")).length).toBeLessThan(40);
});

describe("where members of a team are operators", () => {
  const testWithTeam = testIn({
    teams: { "on-call": ["rita"], members: ["rita", "pia"] },
    collaborators: { pia: "read" },
    files: { [CONFIGURATION]: "operators: { teams: [on-call] }\n" },
  });

  testWithTeam("a member may stop without the role", async ({ world }) => {
    await world.comment("rita", "/batch stop homebrew");
    expect(world.held()).toEqual(["homebrew"]);
  });

  testWithTeam("others may not, and are told of the team", async ({ world }) => {
    const comment = await world.comment("pia", "/batch stop homebrew");
    expectRefused(world, comment, /needs write, or membership of `on-call`/);
  });

  testWithTeam("a membership that cannot be checked is not called a no", async ({ world }) => {
    world.github.fault({ path: /\/teams\/on-call\//, status: 502 });
    const comment = await world.comment("rita", "/batch stop homebrew");
    expect(world.held()).toEqual([]);
    expect(world.replies()).toEqual([expect.stringContaining("could not be checked")]);
    expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
  });

  testWithTeam("a login that now belongs to another account does not get in through the team", async ({ world }) => {
    const user = { login: "rita", id: 1, type: "User" };
    world.github.fault({
      method: "GET",
      path: PERMISSION,
      status: 200,
      body: { permission: "read", role_name: "read", user },
    });
    const comment = await world.comment("rita", "/batch stop");
    expectRefused(world, comment, /`rita` has the role none here/);
  });
});

describe("where the app itself lacks a permission", () => {
  const GRANTED = { metadata: "read", contents: "write", issues: "write", pull_requests: "write", actions: "read" };

  test("to write files, the stop fails in GitHub's words and leaves nothing half-done", async ({ world }) => {
    world.github.setPermissions({ ...GRANTED, contents: "read" });
    const comment = await world.comment("olga", "/batch stop homebrew");
    expect(world.held()).toEqual([]);
    expect(world.replies()).toEqual([expect.stringContaining("Resource not accessible by integration")]);
    expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
  });

  test("to open pull requests, the stop fails in GitHub's words and the file is as it was", async ({ world }) => {
    world.github.setPermissions({ ...GRANTED, pull_requests: "read" });
    await world.comment("olga", "/batch stop homebrew");
    expect(world.held()).toEqual([]);
    expect(world.replies()).toEqual([expect.stringContaining("Resource not accessible by integration")]);
  });
});
