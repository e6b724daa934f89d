import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { parseCommand } from "../../src/commands/parse-command.ts";
import { context, outcomes, registry } from "./sample-commands.ts";

describe("the verb", () => {
  test.each([
    ["/batch STOP npm", "stop"],
    ["/batch stop.", "stop"],
    ["/batch stop: mirror down", "stop"],
    ["/batch", "help"],
    ["/batch help stop", "help"],
  ])("of %j is %s", (comment, verb) => {
    expect(outcomes(comment)).toMatchObject([{ verb }]);
  });

  test("begins the reason with a colon", () => {
    expect(outcomes("/batch stop: flatpak")).toMatchObject([
      { args: { scope: { kind: "everything" }, reason: "flatpak" } },
    ]);
  });

  test.each([
    ["/batch stpo npm", "Did you mean `/batch stop`?"],
    ["/batch resum", "Did you mean `/batch resume`?"],
    ["/batch ѕtop", "Did you mean `/batch stop`?"],
    ["/batch frobnicate", "`/batch help` lists the commands"],
    ["/batch __proto__", "`/batch help` lists the commands"],
    ["/batch `x` @everyone", "There is no command `x`"],
  ])("of %j is unknown and answered with the way out", (comment, way) => {
    expect(outcomes(comment)).toEqual([{ refused: expect.stringContaining(way) }]);
  });
});

describe("options", () => {
  test.each([
    "--now npm",
    "npm --now",
    "npm — leaked key --now",
    "npm --NOW.",
    "npm -now",
    "npm —now",
    "npm --now: leaked key",
  ])("are taken wherever they stand: %j", (words) => {
    expect(outcomes(`/batch stop ${words}`)).toMatchObject([
      { args: { scope: { names: ["npm"] }, now: true, reason: words.includes("leaked") ? "leaked key" : "" } },
    ]);
  });

  test("of two words in the declaration have two in the comment", () => {
    expect(outcomes("/batch breaker npm --dry-run")).toMatchObject([{ args: { ecosystem: "npm", dryRun: true } }]);
  });

  test("take their value from the next word or after an equals sign", () => {
    for (const words of ["--hold h-3f2a91", "--hold=h-3f2a91"]) {
      expect(outcomes(`/batch resume ${words}`)).toMatchObject([
        { args: { scope: { kind: "everything" }, hold: "h-3f2a91" } },
      ]);
    }
  });

  test("that are unknown are told by a lenient command and refused by a strict one", () => {
    expect(outcomes("/batch stop npm --nwo")).toMatchObject([
      {
        args: { scope: { names: ["npm"] }, now: false },
        notes: [expect.stringContaining("`--nwo` is not an option (the nearest is `--now`)")],
      },
    ]);
    expect(outcomes("/batch breaker npm --force")).toEqual([
      { refused: expect.stringContaining("`--force` is not an option") },
    ]);
  });

  test("that are unknown are words once the reason has begun", () => {
    expect(outcomes("/batch stop npm — ran with --force")).toMatchObject([
      { args: { reason: "ran with --force" }, notes: [] },
    ]);
  });

  test("need their two hyphens once the reason has begun", () => {
    expect(outcomes("/batch stop npm — it went —now")).toMatchObject([
      { args: { now: false, reason: "it went —now" } },
    ]);
  });

  test.each(["--now: flatpak", "--until 18:00: flatpak"])("begin the reason with a colon: %j", (words) => {
    expect(outcomes(`/batch stop ${words}`)).toMatchObject([
      { args: { scope: { kind: "everything" }, reason: "flatpak" } },
    ]);
  });

  test("without a value take none", () => {
    expect(outcomes("/batch stop npm --now=false")).toMatchObject([
      { args: { now: false }, notes: [expect.stringContaining("takes no value")] },
    ]);
  });

  test("that a word may have meant are told", () => {
    expect(outcomes("/batch stop now")).toMatchObject([
      {
        args: { scope: { kind: "everything" }, now: false },
        notes: expect.arrayContaining([expect.stringContaining("the option is `--now`")]),
      },
    ]);
  });

  test("that nobody could read in full are told by five", () => {
    expect(outcomes(`/batch stop npm ${"--x ".repeat(1000)}`)).toMatchObject([{ notes: { length: 5 } }]);
  });
});

describe("one ecosystem", () => {
  test.each([
    ["status", { ecosystem: null }],
    ["status NPM.", { ecosystem: "npm" }],
    ["status cargo", { ecosystem: "crates.io" }],
    ["breaker npm", { ecosystem: "npm", dryRun: false }],
  ])("%s", (words, args) => {
    expect(outcomes(`/batch ${words}`)).toMatchObject([{ args }]);
  });

  test.each([
    ["status nmp", "Did you mean `npm`?"],
    ["status flatpak", "not an ecosystem known here"],
    ["status ../x", "cannot be the name"],
    ["breaker", "needs an ecosystem"],
    ["breaker npm,pypi", "takes one ecosystem"],
    ["breaker npm pypi", "`pypi` is more than it takes"],
  ])("%s is refused", (words, why) => {
    expect(outcomes(`/batch ${words}`)).toEqual([{ refused: expect.stringContaining(why) }]);
  });

  test("with words too many is read by a lenient command, and told", () => {
    expect(outcomes("/batch status npm thanks — bye")).toMatchObject([
      {
        args: { ecosystem: "npm" },
        notes: [expect.stringContaining("`thanks`"), expect.stringContaining("`bye`, is not recorded")],
      },
    ]);
  });
});

test("a command says what permission it needs, and gets what it asks of the context", () => {
  const parsed = parseCommand({ number: 1, words: ["help", "stop"] }, registry, context);
  expect(parsed).toMatchObject({ kind: "command", needs: "read" });
  expect(parsed.kind === "command" && parsed.run({ motto: "be kind" })).toEqual({ about: "stop", motto: "be kind" });
});

test("what a person typed is inert in a refusal", () => {
  for (const { refused } of outcomes("/batch @everyone\n/batch resume @org/team") as { refused: string }[]) {
    expect(refused.replaceAll(/`[^`]*`/g, "")).not.toContain("@");
  }
});

property.prop([
  fc.constantFrom("stop", "resume", "status", "breaker", "help", "x"),
  fc.array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom("--now", "--until", "--hold", "—", ":", "npm,", "2h", "reason:", "and"),
    ),
    { maxLength: 12 },
  ),
])("no words make a command throw", (verb, words) => {
  const parsed = parseCommand({ number: 1, words: [verb, ...words] }, registry, context);
  expect(["command", "refusal"]).toContain(parsed.kind);
});
