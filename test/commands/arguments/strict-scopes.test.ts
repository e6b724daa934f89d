import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { context, outcomes } from "../sample-commands.ts";

test.each([
  ["", { kind: "everything" }],
  ["all", { kind: "everything" }],
  ["*", { kind: "everything" }],
  ["homebrew", { kind: "ecosystems", names: ["homebrew"] }],
  ["NPM, homebrew.", { kind: "ecosystems", names: ["npm", "homebrew"] }],
  ["npm and cargo", { kind: "ecosystems", names: ["npm", "crates.io"] }],
  ["homebrew — it is back", { kind: "ecosystems", names: ["homebrew"] }],
])("resume %j lifts what it names", (words, scope) => {
  expect(outcomes(`/batch resume ${words}`)).toMatchObject([{ args: { scope } }]);
});

test.each([
  ["homebew", "Did you mean `homebrew`?"],
  ["flatpak", "`flatpak` is not an ecosystem known here. Known are `homebrew`, `npm`"],
  ["homebrew flatpak", "`flatpak` is not an ecosystem known here"],
  ["homebrew is back", "`is` is not an ecosystem known here"],
  ["the mirror is back", "`the` is not an ecosystem"],
  ["../x", "cannot be the name of an ecosystem"],
  ["hоmebrew", "it contains U+043E"],
  ["all homebrew", "not both"],
  ["homebrew --hodl h-1", "the nearest is `--hold`"],
  ["--hold", "`--hold` needs a value"],
  ["--hold h-1 --hold h-2", "`--hold` is given twice"],
])("resume %j is refused with the rule and the usage", (words, rule) => {
  const [outcome] = outcomes(`/batch resume ${words}`);
  expect(outcome).toEqual({ refused: expect.stringContaining(rule) });
  expect(outcome).toEqual({
    refused: expect.stringMatching(/^`\/batch resume` was not run\. .*Usage: `\/batch resume \[ecosystem…\]/),
  });
});

property.prop([fc.string({ unit: "binary", minLength: 1, maxLength: 20 })])(
  "resume lifts nothing but known ecosystems, and everything only when asked",
  (typed) => {
    for (const outcome of outcomes(`/batch resume ${typed.replaceAll(/[\r\n]/g, " ")}`)) {
      if ("refused" in outcome) continue;
      const { scope } = outcome.args as { scope: { kind: string; names?: readonly string[] } };
      for (const name of scope.names ?? []) expect(context.known).toContain(name);
    }
  },
);
