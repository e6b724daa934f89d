import { describe, expect } from "vitest";
import { CONTROL_FILE, LENGTHENING, testIn } from "./world.ts";

const test = testIn({ backoff: LENGTHENING });
const testWithoutFile = testIn({ files: { [CONTROL_FILE]: null } });

describe("a repository without a control file", () => {
  testWithoutFile("gets one with the first stop", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew");
    expect(world.control()).toMatchObject({ enabled: true, disabled_ecosystems: ["homebrew"], circuit_breaker: {} });
    expect(world.held()).toEqual(["homebrew"]);
  });

  testWithoutFile("gets one with the first run that is counted", async ({ world }) => {
    await world.run({ homebrew: "failure" });
    expect(world.control().circuit_breaker).toMatchObject({ homebrew: { state: "closed", failures: 1 } });
  });

  testWithoutFile("gets none for a question", async ({ world }) => {
    await world.comment("rita", "/batch status");
    expect(world.replies()).toEqual([expect.stringContaining("**Nothing is stopped by a hold.**")]);
    expect(world.controlText()).toBeNull();
  });
});

describe("a control file that cannot be used", () => {
  const ways = [
    { what: "is not JSON", files: { [CONTROL_FILE]: '{\n  "enabled": true,,\n}\n' }, place: "line 2, column 19" },
    { what: "has a value of the wrong type", files: { [CONTROL_FILE]: '{\n  "enabled": "yes"\n}\n' }, place: "line 2" },
    { what: "says a key twice", files: { [CONTROL_FILE]: '{ "enabled": true, "enabled": false }\n' }, place: "line 1" },
    { what: "is a list", files: { [CONTROL_FILE]: "[]\n" }, place: "line 1, column 1" },
    { what: "is empty", files: { [CONTROL_FILE]: "" }, place: "line 1" },
    { what: "is not text", files: { [CONTROL_FILE]: "\u0000" }, place: "not text" },
    { what: "is a directory", files: { [CONTROL_FILE]: null, [`${CONTROL_FILE}/a`]: "" }, place: "a folder or a link" },
    { what: "is over 512 KB", files: { [CONTROL_FILE]: `{"a": "${"x".repeat(520_000)}"}` }, place: "bytes" },
  ];

  test.for(ways)("because it $what is never overwritten, and an incident says where", async (way, { world }) => {
    const bad = await world.push("olga", way.files);
    expect(world.openIncidents()).toMatchObject([
      {
        title: "The control file cannot be read",
        labels: ["batchkeeper", "incident", "severity:high"],
        body: expect.stringContaining(way.place),
      },
    ]);
    const comment = await world.comment("olga", "/batch stop homebrew");
    expect(world.replies()).toEqual([expect.stringContaining("**Nothing was changed.**")]);
    expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
    await world.run({ homebrew: "failure" });
    expect(world.github.branches("acme/recipes").main).toBe(bad);
    expect(world.incidents()).toHaveLength(1);
  });

  test("is told of before any name is read: what is stopped cannot be known, let alone guessed at", async ({
    world,
  }) => {
    await world.comment("olga", "/batch stop homebrew");
    await world.push("olga", { [CONTROL_FILE]: "{" });
    await world.comment("olga", "/batch resume homebrew\n/batch stop homebew\n/batch resume !!");
    const answers = (world.replies().at(-1) ?? "").split("---");
    expect(answers).toHaveLength(3);
    for (const answer of answers)
      expect(answer).toMatch(/line 1, column 2.*\*\*Nothing was changed.\*\* Mend the file/);
    await world.comment("rita", "/batch resume homebrew");
    expect(world.replies().at(-1)).toContain("refused");
  });

  test("is used again after the push that mends it, which closes the incident", async ({ world }) => {
    const good = world.controlText();
    await world.push("olga", { [CONTROL_FILE]: "{" });
    await world.push("olga", { [CONTROL_FILE]: good });
    expect(world.incidents()).toMatchObject([{ state: "closed" }]);
    await world.comment("olga", "/batch stop homebrew");
    expect(world.held()).toEqual(["homebrew"]);
  });

  test("is noticed by the run that finds it, although its push was lost", async ({ world }) => {
    world.github.onDelivery(({ event }) => (event === "push" ? "drop" : "send"));
    await world.push("olga", { [CONTROL_FILE]: "{" });
    await world.run({ homebrew: "failure" });
    await world.run({ homebrew: "failure" });
    expect(world.incidents()).toMatchObject([{ title: "The control file cannot be read", state: "open" }]);
  });
});

describe("a control file is never written so long that GitHub would not show it:", () => {
  const almostFull = testIn({
    backoff: LENGTHENING,
    files: { [CONTROL_FILE]: `{\n  "enabled": true,\n  "notes": "${"x".repeat(511_900)}"\n}\n` },
  });

  almostFull("a stop for which there is no room says so and changes nothing", async ({ world }) => {
    const before = world.controlText();
    const comment = await world.comment("olga", "/batch stop homebrew");
    expect(world.replies()).toEqual([expect.stringMatching(/would have \d+ bytes.*\*\*Nothing was changed/)]);
    expect(world.reactions(comment)).toEqual(["eyes", "confused"]);
    expect(world.controlText()).toBe(before);
    expect(world.pulls()).toEqual([]);
  });

  almostFull("a run for which there is no room opens an incident", async ({ world }) => {
    await world.run({ homebrew: "failure" });
    expect(world.openIncidents()).toMatchObject([
      { title: "The control file cannot be read", body: expect.stringContaining("GitHub shows no more than 512000") },
    ]);
  });
});

describe("a control file that another writer changed", () => {
  test("keeps the words and keys that are not ours through every command", async ({ world }) => {
    const text =
      '{"zeta": {"b": 1e3, "a": [ ]},\n\t"enabled": true, "disabled_ecosystems": [],\n  "umlaut": "\\u00e4"}';
    await world.push("olga", { [CONTROL_FILE]: text });
    await world.comment("olga", "/batch stop homebrew\n/batch status\n/batch resume homebrew");
    await world.run({ homebrew: "failure" });
    expect(world.controlText()).toContain('{"zeta": {"b": 1e3, "a": [ ]},');
    expect(world.controlText()).toContain('"umlaut": "\\u00e4"');
    expect(world.control()).toMatchObject({ zeta: { b: 1000, a: [] }, circuit_breaker: { homebrew: { failures: 1 } } });
  });

  test("comes back with its holds when a person deletes it", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew — mirror");
    const before = world.controlText();
    await world.push("olga", { [CONTROL_FILE]: null });
    expect(world.controlText()).toBe(before);
    expect(world.controlCommits()[0]?.author).toBe("batchkeeper[bot]");
  });

  test("tells whoever deleted it, below their commit, that it is back and how to end it", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew — mirror");
    const sha = await world.push("olga", { [CONTROL_FILE]: null });
    expect(world.wordsBelow(sha)).toEqual([expect.stringMatching(/deleted the control file.*uninstall the app/)]);
  });

  test("gets back the batchkeeper key that a writer dropped", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew — mirror");
    await world.run({ npm: "failure" });
    const { batchkeeper } = world.control();
    await world.editControl("script", { batchkeeper: undefined, budget: { macos_minutes_used: 7 } });
    expect(world.control()).toMatchObject({ batchkeeper, budget: { macos_minutes_used: 7 } });
  });

  test("gets back the key also when the next command is there before the push is heard of", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew — mirror");
    world.github.onDelivery(({ event }) => (event === "push" ? "drop" : "send"));
    await world.editControl("script", { batchkeeper: undefined });
    await world.comment("olga", "/batch stop npm");
    expect(world.held()).toEqual(["homebrew", "npm"]);
    expect(world.control().disabled_ecosystems).toEqual(["homebrew", "npm"]);
  });
});

test("a push to another branch or of other files costs no call", async ({ world }) => {
  await world.comment("rita", "/batch help");
  const mark = world.github.log.length;
  world.github.pushAs("olga", "acme/recipes", "feature", { [CONTROL_FILE]: "{" }, "elsewhere");
  await world.push("olga", { "recipes/j/jq.toml": "" });
  expect(world.github.calls(mark)).toEqual([]);
});

test("the app's own commits cause no commits", async ({ world }) => {
  await world.comment("olga", "/batch stop homebrew");
  const mark = world.github.log.length;
  await world.run({ npm: "failure" });
  expect(world.controlCommits()).toHaveLength(3);
  const methods = world.github.calls(mark).map(({ method }) => method);
  expect(methods.filter((method) => method === "PUT")).toHaveLength(1);
});
