import { describe, expect, test } from "vitest";
import { globs } from "../../../src/commands/arguments/globs.ts";
import { pullNumber } from "../../../src/commands/arguments/pull-number.ts";

const context = { known: [], aliases: new Map(), now: 0, command: "/batch rollback" };

describe("a list of globs", () => {
  test.for<[string[], string[]]>([
    [["cmake"], ["cmake"]],
    [
      ["cmake", "lib*"],
      ["cmake", "lib*"],
    ],
    [
      ["cmake,lib*,", "recipes/z/**"],
      ["cmake", "lib*", "recipes/z/**"],
    ],
    [
      ["`lib*`", '"x"'],
      ["lib*", "x"],
    ],
  ])("%j is read with its asterisks", ([words, value]) => {
    expect(globs("").read(words, context)).toEqual({ kind: "value", value, used: words.length });
  });

  test.for([[[]], [[","]], [["../x"]], [["/etc/passwd"]], [["a\u202Eb"]], [["a".repeat(201)]]])(
    "%j is refused",
    ([words]) => {
      expect(globs("").read(words ?? [], context)).toMatchObject({ kind: "problem" });
    },
  );
});

describe("the number of a pull request", () => {
  test.for([
    ["12", 12],
    ["#12", 12],
    ["`12`,", 12],
  ] as const)("%s", ([word, value]) => {
    expect(pullNumber("").read([word], context)).toEqual({ kind: "value", value, used: 1 });
  });

  test.for(["", "0", "-1", "1.5", "1234567890", "12a", "acme/other#12"])("%j is refused", (word) => {
    expect(pullNumber("").read([word], context)).toMatchObject({ kind: "problem" });
  });
});
