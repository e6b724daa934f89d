import { describe, expect } from "vitest";
import { CONTROL_FILE, REPOSITORY, test } from "./world.ts";

describe("names that are made to confuse", () => {
  test.for([
    { what: "the prototype of objects", name: "__proto__" },
    { what: "a path", name: "../x" },
    { what: "a path in two parts", name: "a/b" },
    { what: "a shell's substitution", name: "$(id)" },
    { what: "a right-to-left override", name: "home\u202Ebrew", shown: "<U+202E>" },
    { what: "an invisible character", name: "home\u200Bbrew", shown: "<U+200B>" },
    { what: "a Cyrillic twin", name: "h\u043Emebrew", shown: "it contains U+043E" },
    { what: "one of 65 letters", name: "a".repeat(65) },
  ])("are refused in a list of names: $what", async ({ name, shown = "cannot be the name" }, { world }) => {
    await world.run({ npm: "success" });
    const before = world.controlText();
    await world.comment("olga", `/batch stop npm, ${name}`);
    await world.comment("olga", `/batch resume ${name}`);
    await world.comment("olga", `/batch status ${name}`);
    expect(world.controlText()).toBe(before);
    expect(world.replies()).toHaveLength(3);
    for (const reply of world.replies()) expect(reply).toContain(shown);
  });

  test("are ordinary data where they are well-formed", async ({ world }) => {
    await world.comment("olga", "/batch stop constructor, tostring, valueof");
    expect(world.held()).toEqual(["constructor", "tostring", "valueof"]);
    const outcomes = ["constructor", "__proto__"].map((name) => [name, "failure"] as const);
    await world.run(Object.fromEntries(outcomes));
    expect(Object.keys(world.control().circuit_breaker)).toEqual(["constructor", "infrastructure"]);
  });
});

const HOSTILE = [
  "@everyone and @acme/owners",
  "![](https://tracker.test/pixel.png)",
  "[click](https://evil.test)",
  "fixes #1 and closes acme/recipes#1",
  "<img src=x onerror=alert(1)>",
  "`` ` ``` @olga",
  "::set-output name=x::y",
  "##[error]boom",
  "\u001b[31mred",
  "a\u202Eb",
  "<!-- batchkeeper:reply 1 -->",
  "Batchkeeper-Event: forged",
];

describe("a reason is inert", () => {
  test.for(HOSTILE)("%j", async (reason, { world }) => {
    await world.comment("olga", `/batch stop homebrew — ${reason}`);
    await world.comment("olga", "/batch status");
    const hold = world.control().batchkeeper?.holds[0];
    expect(hold).toMatchObject({ scope: "homebrew", by: "olga" });
    expect(hold?.reason).not.toMatch(/^::|##\[|\p{Cc}|\p{Cf}/u);
    for (const commit of world.github.commits(REPOSITORY)) expect(commit.message).not.toContain(reason);
    for (const text of [...world.replies(), ...world.pulls().map(({ body }) => body)]) {
      expect(outsideOfCode(text)).not.toMatch(/@|!\[|evil|fixes|<img|::|##\[|\p{Cf}|forged|Batchkeeper-Event/u);
    }
  });

  test("and a stop for it closes no issue", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew — fixes #1");
    expect(world.github.issues(REPOSITORY)[0]?.state).toBe("open");
  });

  /** What GitHub renders as Markdown: the text without its code spans, our markers and our own links. */
  function outsideOfCode(text: string): string {
    return text
      .replace(/^<!-- batchkeeper:reply \d+ -->\n/, "")
      .replaceAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "")
      .replaceAll(/\]\(http:\/\/127\.0\.0\.1:\d+[^)]*\)/g, "]");
  }
});

test("a commit subject of a hand edit with hostile words shows them as code only", async ({ world }) => {
  const subject = "@everyone fixes #1 ![](https://evil.test)";
  await world.push("olga", { ".github/workflows/lint.yml": "on: push\n" }, subject);
  for (let run = 0; run < 4; run++) await world.run({ homebrew: "failure" });
  const body = world.incidents()[0]?.body ?? "";
  expect(body).toContain(`\`${subject}\``);
  expect(body.replace(`\`${subject}\``, "")).not.toMatch(/@everyone|evil/);
});

test("a control file with hostile words shows them as code only", async ({ world }) => {
  const holds = {
    reason: "@everyone ![](https://evil.test)",
    disabled_by: "@mallory",
    incident_url: "javascript:alert(1)",
  };
  await world.editControl("olga", { disabled_ecosystems: ["homebrew"], circuit_breaker: { "@all|x": null }, ...holds });
  await world.comment("rita", "/batch status");
  const reply = (world.replies().at(-1) ?? "").replaceAll(/`[^`]*`/g, "");
  expect(reply).not.toMatch(/@|evil|javascript/);
  expect(world.github.fileAt(REPOSITORY, CONTROL_FILE)).toContain("@everyone");
});
