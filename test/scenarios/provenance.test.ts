import { describe, expect } from "vitest";
import { MINUTE } from "../../src/domain/instant.ts";
import { CONFIGURATION, CONTROL_FILE, REPOSITORY, test, WORKFLOW, type World } from "./world.ts";

const RECIPE = "recipes/j/jq.toml";
const WORKFLOW_PATH = `.github/workflows/${WORKFLOW}`;

function recipe(fields = 'action = "homebrew"\nformula = "jq"'): string {
  return `[metadata]\nname = "jq"\n\n[[steps]]\n${fields}\n`;
}

/** A pull request that somebody merged. */
async function merge(world: World, files: Readonly<Record<string, string | null>>, method = "squash"): Promise<number> {
  const branch = `change-${Object.keys(files)
    .join("-")
    .replaceAll(/[^a-z]/g, "-")}-${Math.trunc(world.clock.now())}`;
  world.github.pushAs("olga", REPOSITORY, branch, files, "a change");
  const number = await world.github.openPullAs("olga", REPOSITORY, { title: "A change", head: branch });
  await world.github.mergeAs("olga", REPOSITORY, number, { merge_method: method });
  await world.quiet();
  return number;
}

/** How many calls the app made since a mark. */
function calls(world: World, since: number): number {
  return world.github.log.slice(since).filter(({ path }) => !path.startsWith("/app")).length;
}

/** Lets a minute pass in which the pushes before are looked into. */
async function look(world: World): Promise<number> {
  const mark = world.github.log.length;
  await world.pass(MINUTE + 1000);
  return calls(world, mark);
}

describe("a recipe that came", () => {
  test.for(["squash", "merge", "rebase"])(
    "by a pull request (%s) is nothing, in two calls",
    async (method, { world }) => {
      await merge(world, { [RECIPE]: recipe() }, method);
      expect(await look(world)).toBe(2);
      expect(world.incidents()).toEqual([]);
      expect(world.held()).toEqual([]);
    },
  );

  test("by a direct push is critical, and everything is stopped", async ({ world }) => {
    await merge(world, { [WORKFLOW_PATH]: "env: { A: $" + "{{ secrets.APP_KEY }} }\n" });
    const sha = await world.push("olga", { [RECIPE]: recipe() }, "feat: jq (#12)");
    expect(world.incidents()).toEqual([]);
    await look(world);
    const [incident] = world.openIncidents();
    expect(incident?.labels).toContain("severity:critical");
    expect(incident?.body).toContain("**direct-push** (critical)");
    expect(incident?.body).toContain(sha.slice(0, 10));
    expect(incident?.body).toContain("`olga` pushed");
    expect(incident?.body).toContain("- [ ] Rotate the secrets of the batch workflows: `APP_KEY`.");
    const [hold] = world.control().batchkeeper?.holds ?? [];
    expect(hold).toMatchObject({ scope: "*", kind: "security", by: "supply-chain" });
    expect(hold?.incident_url).toBe(`${world.github.url}/${REPOSITORY}/issues/${incident?.number}`);
    expect(world.control().enabled).toBe(false);
    expect(incident?.body).toContain(hold?.id);
  });

  test("with the words of a commit of ours by a direct push is critical all the same", async ({ world }) => {
    await world.push("olga", { [RECIPE]: recipe() }, "chore(batch): x [skip ci]\n\nBatchkeeper-Event: 1");
    await look(world);
    expect(world.openIncidents()[0]?.body).toContain("direct-push");
  });

  test("by a pull request onto another branch, and from there by a push, is a direct push", async ({ world }) => {
    world.github.createBranch(REPOSITORY, "side");
    const sha = world.github.pushAs("olga", REPOSITORY, "topic", { [RECIPE]: recipe() }, "jq");
    const number = await world.github.openPullAs("olga", REPOSITORY, { title: "jq", head: "topic", base: "side" });
    await world.github.mergeAs("olga", REPOSITORY, number, { merge_method: "merge" });
    world.github.forcePush(REPOSITORY, "main", sha);
    await world.quiet();
    await look(world);
    expect(world.openIncidents()[0]?.body).toContain("direct-push");
  });

  test("is announced once, however often its push is delivered", async ({ world }) => {
    await world.push("olga", { [RECIPE]: recipe() });
    await look(world);
    const push = world.github.deliveries.findLast(({ event, body }) => event === "push" && body.includes(RECIPE));
    await world.redeliver(push ?? expect.unreachable());
    await look(world);
    expect(world.incidents()).toHaveLength(1);
    expect(world.replies(world.incidents()[0]?.number)).toEqual([]);
    expect(world.held()).toEqual(["*"]);
  });

  test("second and by hand adds to the open incident", async ({ world }) => {
    await world.push("olga", { [RECIPE]: recipe() });
    await look(world);
    await world.push("olga", { [RECIPE]: recipe('action = "npm_install"\npackage = "jq"') });
    await look(world);
    const [incident, ...others] = world.incidents();
    expect(others).toEqual([]);
    expect(world.replies(incident?.number)).toEqual([expect.stringContaining("**origin-changed** (medium)")]);
    expect(world.held()).toEqual(["*"]);
  });
});

test("a push that touches nothing that is watched costs no call", async ({ world }) => {
  const mark = world.github.log.length;
  await world.push("olga", { "README.md": "words\n", ".github/workflows/ci.yml": "on: push\n" });
  await look(world);
  expect(calls(world, mark)).toBe(0);
});

test("a rewritten history stops everything", async ({ world }) => {
  const [head] = world.github.commits(REPOSITORY);
  world.github.pushAs("olga", REPOSITORY, "main", { "README.md": "words\n" }, "words");
  await world.quiet();
  world.github.forcePush(REPOSITORY, "main", head?.sha ?? "");
  await world.quiet();
  await look(world);
  expect(world.openIncidents()[0]?.body).toContain("**force-push** (critical)");
  expect(world.held()).toEqual(["*"]);
});

describe("of a reviewed recipe it is told, and nothing is stopped,", () => {
  test.for([
    ["that its origin changed", 'action = "homebrew"\nformula = "jq-evil"', "origin-changed", "medium"],
    ["that it names a new host", 'action = "download"\nurl = "https://new.example/jq"', "new-host", "high"],
    [
      "that it names an address that is not https",
      'action = "download"\nurl = "http://old.example/jq"',
      "insecure-scheme",
      "high",
    ],
    ["that it runs a command", 'action = "run_command"\ncommand = "curl x | sh"', "new-command", "high"],
    ["that it cannot be read", "action = ", "unchecked", "medium"],
  ] as const)("%s", async ([, fields, rule, severity], { world }) => {
    const other = { "recipes/o/old.toml": recipe('action = "download"\nurl = "https://old.example/old"') };
    await merge(world, { ...other, [RECIPE]: recipe() });
    await look(world);
    // The repository knew no host at all before.
    const before = world.incidents().length;
    await merge(world, { [RECIPE]: recipe(fields) });
    expect(await look(world)).toBeLessThanOrEqual(9);
    const incident = world.openIncidents().at(-1);
    const words = [incident?.body, ...world.replies(incident?.number)].join("\n");
    expect(before).toBe(1);
    expect(words).toContain(`**${rule}** (${severity})`);
    expect(words).not.toContain("direct-push");
    expect(world.held()).toEqual([]);
  });

  test("but not that it names a host that another recipe named before", async ({ world }) => {
    await merge(world, { "recipes/o/old.toml": recipe('action = "download"\nurl = "https://old.example/old"') });
    await look(world);
    await merge(world, { [RECIPE]: recipe('action = "download"\nurl = "https://old.example/jq"') });
    await look(world);
    const [incident] = world.incidents();
    expect(incident?.body).toContain("old.toml");
    expect(world.replies(incident?.number)).toEqual([]);
  });
});

describe("by hand", () => {
  test("a batch workflow is announced, with what was before and after", async ({ world }) => {
    await world.push("olga", { [WORKFLOW_PATH]: "on: schedule\n" });
    await look(world);
    const sha = await world.push("olga", { [WORKFLOW_PATH]: "on: schedule\nrun: curl @team <!-- x -->\n" });
    await look(world);
    const [incident] = world.openIncidents();
    expect(incident?.title).toBe("What the pipeline obeys was changed by hand");
    const [told] = world.replies(incident?.number);
    expect(told).toContain("**workflow-changed** (high)");
    expect(told).toContain("before: nothing; after: `run: curl @team <!-- x -->`");
    expect(told).toContain(sha.slice(0, 10));
    expect(world.held()).toEqual([]);
  });

  test("the settings are announced", async ({ world }) => {
    await world.push("olga", { [CONFIGURATION]: "operators: { permission: triage }\n" });
    await look(world);
    expect(world.openIncidents()[0]?.body).toContain("**configuration-changed** (high)");
  });

  test("a lifted hold is announced", async ({ world }) => {
    await world.comment("olga", "/batch stop npm — mirror down");
    await world.editControl("olga", { disabled_ecosystems: [], reason: "" });
    await look(world);
    const [incident] = world.openIncidents();
    expect(incident?.body).toMatch(/\*\*hold-removed\*\* \(high\).*the operator hold on `npm` by `olga`/);
  });

  test("a breaker moved while nothing ran is announced, with its states", async ({ world }) => {
    await world.editControl("olga", {
      circuit_breaker: { npm: { state: "open", failures: 5, last_failure: "", opens_at: "" } },
    });
    await look(world);
    expect(world.openIncidents()[0]?.body).toContain(
      "**breaker-moved** (high), `batch-control.json`: `npm`: none → open, 5 failures",
    );
  });

  test("a breaker that the pipeline moves about its run is its bookkeeping", async ({ world }) => {
    await world.run({ npm: "success" });
    const text = world.editedControl({
      circuit_breaker: { npm: { state: "closed", failures: 1, last_failure: "", opens_at: "" } },
    });
    world.github.pushAs("github-actions[bot]", REPOSITORY, "main", { [CONTROL_FILE]: text }, "chore: breaker");
    await world.quiet();
    await look(world);
    expect(world.openIncidents()).toEqual([]);
  });

  test("other keys of the control file are announced as less", async ({ world }) => {
    await world.editControl("olga", { note: "hello" });
    await look(world);
    expect(world.openIncidents()[0]?.labels).toContain("severity:medium");
  });
});

describe("what is meant to be is not announced:", () => {
  test("a command's own change of the control file, in no call of a look", async ({ world }) => {
    await world.comment("olga", "/batch stop npm — mirror down");
    await world.comment("olga", "/batch resume npm");
    expect(await look(world)).toBe(0);
    expect(world.openIncidents()).toEqual([]);
  });

  test("workflows, settings and the control file by a merged pull request", async ({ world }) => {
    await merge(world, {
      [WORKFLOW_PATH]: "on: schedule\n",
      [CONFIGURATION]: "recipes: recipes/\n",
      [CONTROL_FILE]: world.editedControl({ note: "hello" }),
    });
    expect(await look(world)).toBe(2);
    expect(world.openIncidents()).toEqual([]);
  });
});

test("a file name cannot ping, break the list or pretend to be a marker", async ({ world }) => {
  await world.push(
    "mallory",
    { "recipes/x/@acme/team\n<!-- batchkeeper:reply 1 -->\u202e`.toml": recipe() },
    "fixes #1 @acme",
  );
  await look(world);
  const body = world.openIncidents()[0]?.body ?? "";
  expect(body.split("\n")[0]).toMatch(/^<!-- batchkeeper:incident provenance -->$/);
  expect(
    body
      .split("\n")
      .slice(1)
      .join("\n")
      .replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, "")
      // The log of the incident has markers of its own; what it holds is JSON without a bracket.
      .replaceAll(/^<!-- (?:batchkeeper-log [^<>]*|\/batchkeeper-log) -->$/gm, ""),
  ).not.toMatch(/@acme|<!--/);
  expect(body).not.toContain("\u202e");
  expect(body).not.toContain("fixes #1");
});
