import { describe, expect, test } from "vitest";
import { choice } from "../../../src/commands/arguments/choice.ts";
import { context } from "../sample-commands.ts";

const argument = choice("reset", "sampling on", "sampling off");
const read = (text: string) => argument.read(text.split(" ").filter(Boolean), { ...context, command: "/batch budget" });

describe("one of a few things to do", () => {
  test.each([
    ["", null, 0],
    ["reset", "reset", 1],
    ["Reset. now", "reset", 1],
    ["sampling on", "sampling on", 2],
    ["SAMPLING off please", "sampling off", 2],
  ])("%j is %j", (typed, value, used) => expect(read(typed)).toMatchObject({ kind: "value", value, used }));

  test.each([
    ["rest", "Did you mean `reset`?"],
    ["sampling onn", "Did you mean `sampling on`?"],
    ["sampling", "Did you mean `sampling on`?"],
    ["on", "It takes `reset`, `sampling on`, `sampling off`."],
    ["@all <b>", "`@all <b>` is nothing that it does."],
  ])("%j is refused: %s", (typed, words) => {
    expect(read(typed)).toMatchObject({ kind: "problem", text: expect.stringContaining(words) });
  });
});
