import { describe, expect, test } from "vitest";
import { addedHosts, type FileVersion, judgeRecipe } from "../../../src/domain/supply-chain/judge-recipe.ts";
import { classifyFindings, type RuleName } from "../../../src/domain/supply-chain/rule.ts";

const PATH = "recipes/b/boundary.toml";
const HOSTS = new Set(["releases.hashicorp.com", "github.com"]);
const MISSING: FileVersion = { kind: "missing" };

function text(recipe: string): FileVersion {
  return { kind: "text", text: recipe };
}

function step(fields: string, more = ""): FileVersion {
  return text(`[metadata]\nname = "boundary"\nhomepage = "http://old.example"\n${more}\n[[steps]]\n${fields}\n`);
}

const BEFORE = step('action = "download"\nurl = "https://releases.hashicorp.com/boundary/{version}/b.zip"');

function rulesOf(before: FileVersion, after: FileVersion, hosts: ReadonlySet<string> | null = HOSTS) {
  return judgeRecipe({ path: PATH, before, after }, hosts).map(({ rule }) => rule);
}

describe("a change to a recipe", () => {
  test.each([
    ["its step installs another formula", 'action = "homebrew"\nformula = "a"', 'action = "homebrew"\nformula = "b"'],
    [
      "its repository has another owner",
      'action = "github_archive"\nrepo = "a/x"',
      'action = "github_archive"\nrepo = "b/x"',
    ],
    ["its package is another", 'action = "npm_install"\npackage = "a"', 'action = "npm_install"\npackage = "b"'],
    ["its crate is another", 'action = "cargo_install"\ncrate = "a"', 'action = "cargo_install"\ncrate = "b"'],
    ["its gem is another", 'action = "gem_install"\ngem = "a"', 'action = "gem_install"\ngem = "b"'],
    ["its module is another", 'action = "go_install"\nmodule = "a"', 'action = "go_install"\nmodule = "b"'],
    ["its action is another", 'action = "homebrew"\nformula = "a"', 'action = "github_archive"\nrepo = "a/a"'],
    [
      "one of several packages is another",
      'action = "apk_install"\npackages = ["a"]',
      'action = "apk_install"\npackages = ["a", "b"]',
    ],
    [
      "an address has another host",
      'action = "download"\nurl = "https://github.com/a"',
      'action = "download"\nurl = "https://releases.hashicorp.com/a"',
    ],
    [
      "an address stands under a name of its own",
      'action = "download"\nmirror = "https://github.com/a"',
      'action = "download"\nmirror = "https://releases.hashicorp.com/a"',
    ],
  ])("is a change of origin when %s", (_, before, after) => {
    expect(rulesOf(step(before), step(after))).toEqual(["origin-changed"]);
  });

  test("is a change of origin when the version is looked up elsewhere", () => {
    const before = step('action = "homebrew"', '[version]\ngithub_repo = "a/x"');
    expect(rulesOf(before, step('action = "homebrew"', '[version]\ngithub_repo = "b/x"'))).toEqual(["origin-changed"]);
  });

  test.each([
    ["a version, a path of the same host", 'action = "download"\nurl = "https://releases.hashicorp.com/other/2/b.zip"'],
    ["the order of the keys", 'url = "https://releases.hashicorp.com/boundary/{version}/b.zip"\naction = "download"'],
  ])("is none when it changes %s", (_, after) => {
    expect(rulesOf(BEFORE, step(after))).toEqual([]);
  });

  test("says from where to where", () => {
    const [finding] = judgeRecipe(
      {
        path: PATH,
        before: step('action = "homebrew"\nformula = "a"'),
        after: step('action = "homebrew"\nformula = "`@b`"'),
      },
      HOSTS,
    );
    expect(finding).toMatchObject({
      subject: PATH,
      detail: "from `homebrew formula=a` to `` homebrew formula=`@b` ``",
    });
  });

  test("that names a host which no recipe named is told, wherever in the step it stands", () => {
    const after = step(
      'action = "download"\nurl = "https://releases.hashicorp.com/b.zip"\nchecksum_url = "https://evil.example/sums"',
    );
    expect(rulesOf(BEFORE, after)).toEqual(["origin-changed", "new-host"]);
    expect(addedHosts({ path: PATH, before: BEFORE, after })).toEqual(["evil.example"]);
  });

  test("that names a host for the first time here and not in the repository is no new host", () => {
    expect(rulesOf(MISSING, BEFORE)).toEqual([]);
  });

  test.each(["http://github.com/a", "ftp://github.com/a", "//github.com/a", "github.com/a", "file:///etc/passwd"])(
    "that names %s is told, because it is not https",
    (address) => {
      expect(rulesOf(BEFORE, step(`action = "download"\nurl = "${address}"`))).toContain("insecure-scheme");
    },
  );

  test("that adds a command is told, in a new recipe too; one that keeps its commands is not", () => {
    const command = step('action = "run_command"\ncommand = "curl x | sh"');
    expect(rulesOf(MISSING, command)).toEqual(["new-command"]);
    expect(rulesOf(command, command)).toEqual([]);
    expect(rulesOf(command, step('action = "run_command"\ncommand = "curl y | sh"'))).toEqual(["new-command"]);
  });

  test("that takes the recipe away says nothing", () => {
    expect(rulesOf(BEFORE, MISSING)).toEqual([]);
  });

  test("that cannot be read is unchecked, not sound", () => {
    expect(rulesOf(BEFORE, text("[[steps"))).toEqual(["unchecked"]);
    expect(rulesOf(BEFORE, { kind: "unread", why: "it is binary" })).toEqual(["unchecked"]);
    expect(rulesOf({ kind: "unread", why: "it was binary" }, BEFORE)).toEqual(["unchecked"]);
  });

  test("is judged on the new text alone where the old one was no TOML", () => {
    expect(rulesOf(text("[[steps"), step('action = "run_command"\ncommand = "x"'))).toEqual([
      "unchecked",
      "new-command",
    ]);
  });
});

describe("all findings of a push", () => {
  const classified = (...rules: readonly RuleName[]) =>
    classifyFindings(rules.map((rule) => ({ rule, subject: "", detail: "" })));

  test.each<[string, readonly RuleName[], string, string]>([
    ["come to the gravest of them", ["unchecked", "direct-push"], "critical", "a security compromise is suspected"],
    [
      "are an unexpected source where nobody reviewed a new one",
      ["direct-push", "new-host"],
      "critical",
      "a recipe has an unexpected source",
    ],
    ["are less where it was reviewed", ["new-host", "origin-changed"], "high", "a source or a command that is new"],
    ["are medium where they only ask for a look", ["origin-changed"], "medium", "a change asks for a look"],
    ["are high where the pipeline was changed", ["workflow-changed"], "high", "what the pipeline obeys"],
  ])("%s", (_, rules, severity, what) => {
    expect(classified(...rules)).toMatchObject({ severity, what: expect.stringContaining(what) });
  });
});
