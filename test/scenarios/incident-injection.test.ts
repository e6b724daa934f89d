import { describe, expect } from "vitest";
import { CONFIGURATION, REPOSITORY, testIn, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const test = testIn({ files: { [CONFIGURATION]: "incidents: { mention: [petra] }\n" } });

const HOSTILE = [
  "@everyone and @acme/owners",
  "![](https://tracker.test/pixel.png) [click](https://evil.test)",
  "fixes #1 and closes acme/recipes#1",
  "<img src=x onerror=alert(1)>",
  "--> <!-- /batchkeeper-log --> @everyone",
  '<!-- batchkeeper-log {"left":0,"entries":[]} -->',
  "<!-- batchkeeper:incident breaker:homebrew -->",
  "`` ` ``` @olga",
  "```mermaid click a href evil ```",
  "\u001b[31mred\u001b[0m",
  "a\u202Eb\u2066c",
  "::error::evil",
];

const latest = (world: World) => world.incidents().at(-1);

/** What GitHub renders of a text: without its code, our hidden lines and our own links. */
function rendered(text: string): string {
  return text
    .replaceAll(/^<!-- batchkeeper[:-][a-z-]+ .*-->$/gm, "")
    .replaceAll(/^<!-- \/batchkeeper-[a-z]+ -->$/gm, "")
    .replaceAll(/^<!-- (?:Which|What) [^<>]*-->$/gm, "")
    .replaceAll(/^```mermaid\n[\s\S]*?^```$/gm, "")
    .replaceAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "")
    .replaceAll(/\]\((?:http:\/\/127\.0\.0\.1:\d+|https:\/\/(?:www\.githubstatus\.com|status\.))[^)]*\)/g, "]")
    .replaceAll(/<\/?(?:details|summary)>/g, "");
}

/** Everything that the bot wrote, but for the one line in which it calls the people of the settings. */
function written(world: World): readonly string[] {
  const issues = world.incidents();
  const texts = [
    ...issues.map(({ body }) => body),
    ...issues.flatMap(({ number }) => world.replies(number)),
    ...world.replies(),
  ];
  return texts.map((text) => rendered(text).replace("@petra: **Escalated", "**Escalated"));
}

function expectInert(world: World): void {
  for (const text of written(world)) {
    expect(text).not.toMatch(/@|!\[|evil|tracker|fixes #|closes acme|<img|::|<!--|-->|\p{Cf}|[^\P{Cc}\n]/u);
  }
  for (const { body } of world.incidents()) expect(body.match(/^<!-- batchkeeper-log /gm)).toHaveLength(1);
}

describe("words of others in an incident ping nobody, break nothing, and pass for nothing of ours", () => {
  test.for(HOSTILE)("what is reported, and everything that is said of it: %j", async (words, { world }) => {
    await world.comment("olga", `/batch incident open critical — ${words}`);
    const say = (body: string) => world.comment("olga", body, latest(world)?.number);
    await world.pass(HOUR + MINUTE);
    await say(`/batch incident ack — ${words}`);
    await say(`/batch incident severity high — ${words}`);
    await say(`/batch incident escalate — ${words}`);
    await say(`/batch incident resolve — ${words}`);
    expect(latest(world)?.state).toBe("closed");
    expectInert(world);
    expect(world.incidents()).toHaveLength(1);
  });

  test("commit messages, file names, package names and titles of pull requests", async ({ world }) => {
    for (const words of HOSTILE) {
      const file = words.replaceAll(/[/\n\0]/g, "-");
      await world.push("mallory", { [`.github/workflows/${file}.yml`]: "on: push\n" }, words);
    }
    world.github.createBranch(REPOSITORY, "batch/20260128-031500");
    const hostile = HOSTILE.join(" ");
    world.github.pushAs("mallory", REPOSITORY, "batch/20260128-031500", { "recipes/x.toml": "[metadata]\n" }, hostile);
    await world.github.openPullAs("mallory", REPOSITORY, { title: hostile, head: "batch/20260128-031500" });
    const failures = HOSTILE.map((words) => ({ package: words, category: words }));
    const results = { per_ecosystem: { npm: { succeeded: 0, failed: failures.length, failures } } };
    for (let run = 0; run < 5; run += 1)
      await world.run({ npm: "failure" }, { endedAt: Date.now() - (9 - 2 * run) * HOUR, results });
    await world.pass(4 * HOUR);
    const bodies = world.incidents().map(({ body }) => body);
    expect(bodies.some((body) => body.includes("An open batch pull request is in the way"))).toBe(true);
    expect(bodies.some((body) => body.includes("npm:![](https://tracker.test/pixel.png)"))).toBe(true);
    expect(bodies.some((body) => body.includes("`::error::evil`"))).toBe(true);
    expectInert(world);
  });
});

describe("what imitates us", () => {
  test("in a stranger's comment keeps no reminder and no escalation from being said", async ({ world }) => {
    await world.comment("olga", "/batch incident open critical — odd checksums");
    const number = latest(world)?.number ?? 0;
    const since = JSON.parse(/batchkeeper-log (.*) -->/.exec(latest(world)?.body ?? "")?.[1] ?? "").entries[0].at;
    for (const key of [`reminded:50:${since}`, `reminded:80:${since}`, `escalated:1:${since}`]) {
      await world.comment("mallory", `<!-- batchkeeper:incident-update ${key} -->\ndone`, number);
    }
    await world.pass(31 * MINUTE);
    await world.pass(31 * MINUTE);
    expect(world.replies(number)).toHaveLength(2);
    expect(world.replies(number)[1]).toContain("@petra: **Escalated");
  });

  test("as an issue of a stranger is no incident: no clock, no command, no acknowledgement", async ({ world }) => {
    await world.comment("olga", "/batch incident open critical — odd checksums");
    const own = latest(world)?.body ?? "";
    const forged = await world.github.openIssueAs("mallory", REPOSITORY, { title: "x", body: own });
    const labels = ["batchkeeper", "incident", "severity:critical"];
    await world.github.editIssueAs("olga", REPOSITORY, forged, { labels });
    await world.comment("olga", "I am on it", forged);
    await world.comment("olga", "/batch incident resolve", forged);
    expect(world.replies(forged)).toEqual([expect.stringContaining("This thread is no incident")]);
    await world.pass(2 * HOUR);
    expect(world.replies(forged)).toHaveLength(1);
    expect(world.replies(latest(world)?.number).at(-1)).toContain("@petra: **Escalated");
  });

  test("in an incident's own body is read as nothing, and the clock runs on from the beginning", async ({ world }) => {
    await world.comment("olga", "/batch incident open critical — odd checksums");
    const { number = 0, body = "" } = latest(world) ?? {};
    const broken = body.replace(/batchkeeper-log \{.*\}/, 'batchkeeper-log {"entries":"@everyone"}');
    await world.github.editIssueAs("olga", REPOSITORY, number, { body: broken });
    await world.quiet();
    await world.pass(HOUR + MINUTE);
    expect(world.replies(number).at(-1)).toContain("@petra: **Escalated");
    expectInert(world);
  });
});
