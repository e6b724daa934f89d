import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { context, ecosystems, outcomes } from "../sample-commands.ts";

/** What `stop` covers, and the reason, or the refusal. */
function stopped(words: string, known = context.known) {
  const [outcome] = outcomes(`/batch stop ${words}`, { ...context, known });
  return outcome;
}

const everything = { kind: "everything" };

describe("everything is stopped", () => {
  test.each([
    ["", ""],
    ["all", ""],
    ["Everything.", ""],
    ["*", ""],
    ["ALL!", ""],
    ["npm, all", ""],
    ["— mirror down", "mirror down"],
    ["-- mirror down", "mirror down"],
    ["reason: mirror down", "mirror down"],
    [": mirror down", "mirror down"],
    ["everything is on fire", "is on fire"],
    ["all — see #12", "see #12"],
    ["!!!", ""],
  ])("as asked, without a word about it: %j", (words, reason) => {
    expect(stopped(words)).toMatchObject({ args: { scope: everything, reason }, notes: [] });
  });

  test.each([
    "the mirror is down",
    "suspected compromise",
    "malware and spyware",
    "flatpak snap",
    "now",
    "please",
    "Immediately!",
    "the homebrew mirror is down",
    "https://status.example/incident/1",
    "[homebrew](https://brew.example)",
    "../x is in the tree",
    "__proto__ constructor",
    "the mirror — it is down",
  ])("because words alone are the reason, which is said: %j", (words) => {
    expect(stopped(words)).toMatchObject({
      args: { scope: everything, reason: words.replace(/^\[.*\((.*)\)$/, "$1") },
      notes: expect.arrayContaining([
        expect.stringMatching(/covers everything\. To cover less, comment `\/batch stop \S+`/),
      ]),
    });
  });

  test("and the ecosystem that the reason names is offered", () => {
    expect(stopped("the homebrew mirror is down")).toMatchObject({
      notes: [expect.stringContaining("`/batch stop homebrew`")],
    });
    expect(stopped("all homebrew recipes")).toMatchObject({
      args: { scope: everything, reason: "homebrew recipes" },
      notes: [expect.stringContaining("`/batch stop homebrew`")],
    });
  });
});

describe("what is named is stopped", () => {
  test.each([
    ["homebrew", ["homebrew"], ""],
    ["HomeBrew.", ["homebrew"], ""],
    ["`homebrew`", ["homebrew"], ""],
    ['"homebrew"', ["homebrew"], ""],
    ["**homebrew** *npm*", ["homebrew", "npm"], ""],
    ["**homebrew.**", ["homebrew"], ""],
    ["homebrew npm", ["homebrew", "npm"], ""],
    ["homebrew, npm,pypi", ["homebrew", "npm", "pypi"], ""],
    ["homebrew , npm", ["homebrew", "npm"], ""],
    ["homebrew and npm", ["homebrew", "npm"], ""],
    ["homebrew, npm & pypi", ["homebrew", "npm", "pypi"], ""],
    ["npm npm NPM", ["npm"], ""],
    ["cargo", ["crates.io"], ""],
    ["cargo, crates.io", ["crates.io"], ""],
    ["homebrew mirror returns 503", ["homebrew"], "mirror returns 503"],
    ["homebrew npm mirrors return 503", ["homebrew", "npm"], "mirrors return 503"],
    ["homebrew, npm: mirrors down", ["homebrew", "npm"], "mirrors down"],
    ["homebrew and npm are down", ["homebrew", "npm"], "are down"],
    ["homebrew and others are down", ["homebrew"], "and others are down"],
    ["homebrew - mirror", ["homebrew"], "mirror"],
    ["homebrew – mirror", ["homebrew"], "mirror"],
    ["homebrew —mirror down", ["homebrew"], "mirror down"],
    ["homebrew reason:mirror down", ["homebrew"], "mirror down"],
    ["homebrew --reason mirror down", ["homebrew"], "mirror down"],
    ["homebrew see https://a.example/1", ["homebrew"], "see https://a.example/1"],
    ["homebrew please", ["homebrew"], "please"],
    ["homebrew — the npm one is fine", ["homebrew"], "the npm one is fine"],
  ])("%j", (words, names, reason) => {
    expect(stopped(words)).toMatchObject({ args: { scope: { kind: "ecosystems", names }, reason }, notes: [] });
  });

  test.each([
    ["flatpak", ["flatpak"]],
    ["Flatpak.", ["flatpak"]],
    ["flatpak, snap", ["flatpak", "snap"]],
    ["npm and flatpak", ["npm", "flatpak"]],
    ["npm, flatpak and snap", ["npm", "flatpak", "snap"]],
    ["constructor", ["constructor"]],
    ["gitlab", ["gitlab"]],
    ["a".repeat(64), ["a".repeat(64)]],
  ])("known or not, and an unknown name is told: %j", (words, names) => {
    expect(stopped(words)).toMatchObject({
      args: { scope: { kind: "ecosystems", names }, reason: "" },
      notes: [expect.stringMatching(/Not seen here before.*`\/batch stop` alone covers everything/)],
    });
  });

  test("and an unknown name with a colon after it leaves the reason", () => {
    expect(stopped("flatpak: mirror down")).toMatchObject({
      args: { scope: { names: ["flatpak"] }, reason: "mirror down" },
    });
  });

  test.each([
    ["homebrew flatpak", "flatpak"],
    ["homebrew, flatpak is down", "flatpak"],
    ["homebrew mirror is down, npm too", "npm"],
  ])("a name that was read as the reason is told: %j", (words, name) => {
    expect(stopped(words)).toMatchObject({
      args: { scope: { kind: "ecosystems", names: ["homebrew"] } },
      notes: [expect.stringContaining(`\`/batch stop homebrew, ${name}\``)],
    });
  });
});

describe("nothing is stopped, and that is said at once", () => {
  test.each([
    ["homebew", "homebrew"],
    ["homebew mirror is down", "homebrew"],
    ["npm, homebew", "homebrew"],
    ["npm homebew", "homebrew"],
    ["nmp", "npm"],
    ["crates", "crates.io"],
    ["crago", "cargo"],
    ["homebrew?", "homebrew"],
    ["hоmebrew", "homebrew"],
    ["home\u200Bbrew", "homebrew"],
    ["h\u200Bo\u200Bm\u200Be\u200Bbrew is down", "homebrew"],
    ["npm \u202Epypi", "pypi"],
  ])("for the near miss %j, which asks after %s", (words, meant) => {
    expect(stopped(words)).toEqual({ refused: expect.stringContaining(`did you mean \`${meant}\`?`) });
  });

  test.each(["../x", "__proto__", "npm, ../x", "flat/pak", "**", "a".repeat(65), "<ecosystem>", "#12", "@olga"])(
    "for %j, which cannot be a name",
    (words) => {
      expect(stopped(words)).toEqual({ refused: expect.stringContaining("cannot be the name of an ecosystem") });
    },
  );

  test("and what looks like a letter, or like nothing, is shown by its number", () => {
    expect(stopped("flаtpak")).toEqual({ refused: expect.stringContaining("it contains U+0430") });
    expect(stopped("flat\u202Epak")).toEqual({ refused: expect.stringContaining("`flat<U+202E>pak`") });
  });
});

test("where nothing is known yet, one word or words with commas are a scope, and others a reason", () => {
  expect(stopped("homebrew", [])).toMatchObject({ args: { scope: { names: ["homebrew"] } } });
  expect(stopped("homebrew, npm", [])).toMatchObject({ args: { scope: { names: ["homebrew", "npm"] } } });
  expect(stopped("homebrew npm", [])).toMatchObject({ args: { scope: everything, reason: "homebrew npm" } });
});

const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}[a-z0-9]$/);

property.prop([fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), fc.constantFrom(" ", ", ", ",", " and ")])(
  "every list of known names is exactly the scope, whatever joins it",
  (names, joint) => {
    fc.pre(!names.some((each) => ["all", "everything", "and", "help"].includes(each)));
    const outcome = stopped(names.join(joint), ecosystems(...names));
    expect(outcome).toMatchObject({ args: { scope: { kind: "ecosystems", names }, reason: "" }, notes: [] });
  },
);

property.prop([fc.array(fc.oneof(name, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 8 })])(
  "no words make the reading throw, and no word is lost: a scope, a reason or a refusal comes of them",
  (words) => {
    const typed = words.join(" ").replaceAll(/[\r\n]/g, " ");
    expect(outcomes(`/batch stop ${typed}`).length).toBeLessThanOrEqual(1);
  },
);
