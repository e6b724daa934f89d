import { afterAll, describe, expect } from "vitest";
import { MINUTE } from "../../src/domain/instant.ts";
import { REACH, trustPublishers } from "../download/publisher.ts";
import { DEFAULT_PERMISSIONS } from "../github/local-github.ts";
import { download, publish, RECIPE, sha256 } from "./publisher.ts";
import { CONFIGURATION, REPOSITORY, testIn, type World } from "./world.ts";

afterAll(trustPublishers());
const test = testIn({ reach: REACH });

const ADVISORIES = `/repos/${REPOSITORY}/security-advisories`;
const { repository_advisories: _, ...GRANTED } = DEFAULT_PERMISSIONS;

/** A recipe that comes by a direct push, and the look that follows. */
async function push(world: World, name = "jq"): Promise<void> {
  await world.push("olga", { [`recipes/${name[0]}/${name}.toml`]: `[metadata]\nname = "${name}"\n` });
  await world.pass(2 * MINUTE);
}

/** What the checklist of the only incident says of an advisory. */
function line(world: World): string {
  return /^- \[ \] \*\*Security advisory:\*\* (.*)$/m.exec(world.openIncidents()[0]?.body ?? "")?.[1] ?? "";
}

function advisories(world: World) {
  return world.github.advisories(REPOSITORY);
}

/** How many calls were made to the advisories. */
function calls(world: World): number {
  return world.github.log.filter(({ path }) => path.startsWith(ADVISORIES)).length;
}

describe("a draft of a security advisory", () => {
  test("is made of a push that nobody reviewed, and the checklist links it", async ({ world }) => {
    await push(world);
    const [draft, ...others] = advisories(world);
    const [incident] = world.openIncidents();
    expect(others).toEqual([]);
    expect(draft).toMatchObject({
      state: "draft",
      severity: "critical",
      summary: "Recipes were changed without a review: jq",
      vulnerabilities: [{ name: "jq", range: null }],
    });
    expect(draft?.description).toContain(`issues/${incident?.number}`);
    expect(line(world)).toContain(`[\`${draft?.ghsaId}\`](`);
    expect(incident?.body).toContain(`security advisory ${draft?.ghsaId} drafted`);
    expect(world.replies(incident?.number)).toEqual([]);
    expect(world.held()).toEqual(["*"]);
  });

  test("is made of a drift, for the version that was looked at", async ({ world }) => {
    const { server, files } = await publish(world, { "/1.2/x": "content" }, (base) => ({
      [RECIPE]: download(`${base}/{version}/x`, `sha256 = "${sha256("content")}"`),
    }));
    await using _ = server;
    files["/1.2/x"] = "evil";
    await world.comment("olga", "/batch verify ncurses --version 1.2");
    expect(advisories(world)).toMatchObject([
      {
        summary: "A download of ncurses is not what was published",
        vulnerabilities: [{ name: "ncurses", range: "= 1.2" }],
      },
    ]);
    expect(advisories(world)[0]?.description).toContain(sha256("evil"));
  });

  test("is made in the end, where GitHub was in trouble after the pipeline had been stopped", async ({ world }) => {
    world.github.fault({ path: ADVISORIES, method: "POST", status: 502, times: 3 });
    await push(world);
    expect(advisories(world)).toHaveLength(1);
    expect(world.incidents()).toHaveLength(1);
    expect(world.replies(world.incidents()[0]?.number)).toEqual([]);
    expect(line(world)).toContain(`\`${advisories(world)[0]?.ghsaId}\``);
  });

  test("is told in the thread of an incident that was less grave before", async ({ world }) => {
    const head = "topic";
    world.github.pushAs("olga", REPOSITORY, head, { "recipes/x/xz.toml": "x = " }, "xz");
    const number = await world.github.openPullAs("olga", REPOSITORY, { title: "xz", head });
    await world.github.mergeAs("olga", REPOSITORY, number, { merge_method: "squash" });
    await world.quiet();
    await world.pass(2 * MINUTE);
    expect(world.openIncidents()[0]?.labels).toContain("severity:medium");
    await push(world);
    const [incident, ...others] = world.openIncidents();
    expect(others).toEqual([]);
    expect(incident?.labels).toContain("severity:critical");
    expect(world.replies(incident?.number).at(-1)).toContain(`\`${advisories(world)[0]?.ghsaId}\``);
  });

  test("is made once, whatever else is found and however often", async ({ world }) => {
    await push(world);
    await push(world, "yq");
    await world.startApp();
    const deliveries = world.github.deliveries.filter(({ event }) => event === "push");
    for (const delivery of deliveries) await world.redeliver(delivery);
    await world.pass(2 * MINUTE);
    expect(world.incidents()).toHaveLength(1);
    expect(advisories(world)).toHaveLength(1);
  });

  test.for(["draft", "published", "closed"] as const)(
    "is found again by its marker, %s, although the incident has forgotten it",
    async (state, { world }) => {
      await push(world);
      const [draft] = advisories(world);
      world.github.setAdvisoryState(draft?.ghsaId ?? "", state);
      const [incident] = world.openIncidents();
      const forgotten = incident?.body.replaceAll(/^<!-- batchkeeper-log [\s\S]*$/gm, "") ?? "";
      await world.github.editIssueAs("olga", REPOSITORY, incident?.number ?? 0, { body: forgotten });
      await push(world, "yq");
      expect(advisories(world)).toHaveLength(1);
      expect(line(world)).toContain(`\`${draft?.ghsaId}\``);
    },
  );

  test("is not what a stranger reports privately with our marker in it", async ({ world }) => {
    world.github.reportVulnerabilityAs("mallory", REPOSITORY, "<!-- batchkeeper:advisory 2 -->\nhello");
    await push(world);
    expect(world.openIncidents()[0]?.number).toBe(2);
    expect(advisories(world).map(({ state }) => state)).toEqual(["draft", "triage"]);
  });

  test("is not made of what is less than critical, nor by default looked for", async ({ world }) => {
    await world.push("olga", { [CONFIGURATION]: "recipes: recipes/\n" });
    await world.pass(2 * MINUTE);
    expect(world.openIncidents()[0]?.labels).toContain("severity:high");
    expect(world.openIncidents()[0]?.body).not.toContain("Security advisory");
    expect(calls(world)).toBe(0);
  });
});

describe("where GitHub lets the app draft none", () => {
  test("the checklist says how to grant it; once it is granted, the next finding drafts one", async ({ world }) => {
    world.github.setPermissions(GRANTED);
    await push(world);
    expect(line(world)).toMatch(/`Resource not accessible by integration`.*`Repository security advisories: write`/);
    expect(line(world)).toContain("open one by hand");
    expect(world.held()).toEqual(["*"]);
    expect(advisories(world)).toEqual([]);
    world.github.setPermissions(DEFAULT_PERMISSIONS);
    await push(world, "yq");
    expect(advisories(world)).toHaveLength(1);
    expect(line(world)).toContain(`\`${advisories(world)[0]?.ghsaId}\``);
    expect(world.openIncidents()[0]?.body.match(/Security advisory:/g)).toHaveLength(1);
  });

  test.for([
    [404, "Not Found", true],
    [403, "Forbidden", true],
    [410, "Gone", false],
    [422, "Validation Failed @acme/team", false],
  ] as const)(
    "because it answers %i, nothing else fails for that",
    async ([status, message, isPermission], { world }) => {
      world.github.fault({ path: ADVISORIES, method: "POST", status, body: { message } });
      await push(world);
      expect(line(world)).toContain(`\`${message}\``);
      expect(line(world).includes("Give the app the permission")).toBe(isPermission);
      expect(world.held()).toEqual(["*"]);
      expect(world.log.join("\n")).not.toContain("event failed");
    },
  );

  testIn({ private: true })("because the repository is private, it says so", async ({ world }) => {
    await push(world);
    expect(line(world)).toContain("In private repositories GitHub has advisories only with Advanced Security");
    expect(world.held()).toEqual(["*"]);
  });

  testIn({ files: { [CONFIGURATION]: "incidents: { advisory: off }\n" } })(
    "because the settings want none, it is not asked",
    async ({ world }) => {
      await push(world);
      expect(line(world)).toContain("The settings have none drafted (`incidents.advisory`)");
      expect(calls(world)).toBe(0);
    },
  );
});

describe("a notice for downstream users", () => {
  test("stands folded in the incident, and says what is not known", async ({ world }) => {
    const { server, files } = await publish(world, { "/a": "a", "/b": "b" }, (base) => ({
      [RECIPE]: `${download(`${base}/a`, `sha256 = "${sha256("a")}"`)}\n[[steps]]\naction = "download"\nurl = "${base}/b"\nsha256 = "${sha256("b")}"\n`,
    }));
    await using _ = server;
    files["/a"] = "evil";
    delete files["/b"];
    await world.comment("olga", "/batch verify ncurses");
    const [, notice = ""] =
      /<details>\n<summary>Notice[\s\S]*?\n```markdown\n([\s\S]*?)\n```\n\n<\/details>/.exec(
        world.openIncidents()[0]?.body ?? "",
      ) ?? [];
    expect(notice).toContain("# Security notice: `ncurses` of acme/recipes");
    expect(notice).toContain("could not be checked, which is not to say that it is sound");
    expect(notice).toContain("**is not known yet**");
    expect(notice).toContain(`\`${sha256("a")}\` is the one that was published`);
    expect(notice).not.toMatch(/^<!--/m);
  });

  test("comes with each further recipe of the same host", async ({ world }) => {
    const { server, files } = await publish(world, { "/a": "a", "/b": "b" }, (base) => ({
      "recipes/a/a.toml": download(`${base}/a`, `checksum = "${sha256("a")}"`),
      "recipes/b/b.toml": download(`${base}/b`, `checksum = "${sha256("b")}"`),
    }));
    await using _ = server;
    Object.assign(files, { "/a": "new a", "/b": "new b" });
    await world.comment("olga", "/batch verify a\n/batch verify b");
    const [incident] = world.openIncidents();
    expect(world.replies(incident?.number).join()).toContain("# Security notice: `b` of acme/recipes");
    expect(incident?.body).toContain("### Decision tree (runbook section 5)");
    expect(incident?.body).toContain("It is **critical**, because a file changed without a new version");
    expect(incident?.body).toContain("`/batch drift accept recipes/a/a.toml` proposes the checksum of now");
  });
});
