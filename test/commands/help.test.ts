import { describe, expect, test } from "vitest";
import type { Positional } from "../../src/commands/argument.ts";
import { choice } from "../../src/commands/arguments/choice.ts";
import { command } from "../../src/commands/command.ts";
import { readCommandLines } from "../../src/commands/command-line.ts";
import { renderHelp, usage } from "../../src/commands/help.ts";
import { parseCommand } from "../../src/commands/parse-command.ts";
import { context, outcomes, registry } from "./sample-commands.ts";

test("the table has every command with its usage, who may use it and what it does", () => {
  expect(renderHelp(registry, null)).toBe(
    [
      "| Command | Who | What it does |",
      "| --- | --- | --- |",
      "| `/batch stop [ecosystem…] [--now] [--until <time>] [— reason]` | anyone with write access | Stop one ecosystem, several, or everything. |",
      "| `/batch resume [ecosystem…] [--hold <id>]` | anyone with write access | Lift holds. |",
      "| `/batch status [ecosystem]` | anyone with read access | Show the state. |",
      "| `/batch breaker <ecosystem> [--dry-run]` | anyone with read access | Show a breaker. |",
      "| `/batch help [command]` | anyone with read access | Explain the commands. |",
      "",
      "Write a command at the start of a line of a new comment. `/batch help <command>` shows its options and examples.",
    ].join("\n"),
  );
});

test("one command is explained with its options and examples", () => {
  const help = renderHelp(registry, "STOP.");
  expect(help).toContain("- `--until <time>`: when it is expected to end");
  expect(help).toContain("```\n/batch stop homebrew — mirror returns 503\n/batch stop --now suspected compromise\n```");
});

test("an unknown command is answered with the nearest", () => {
  expect(renderHelp(registry, "stpo")).toContain("Did you mean `/batch stop`?");
});

test("no help text runs anything when it is posted", () => {
  const texts = [null, ...registry.map(({ verb }) => verb)].map((verb) => renderHelp(registry, verb));
  for (const text of texts) expect(readCommandLines(text)).toEqual({ lines: [], refusals: [] });
});

describe("every example is a command that is run", () => {
  test.each(registry.flatMap(({ examples }) => examples))("%s", (example) => {
    expect(outcomes(example)).toEqual([expect.objectContaining({ args: expect.anything() })]);
  });
});

test("a bar in a usage line does not end the table's cell", () => {
  const state: Positional<null> = {
    kind: "positional",
    usage: "[on|off]",
    read: () => ({ kind: "value", value: null, used: 0 }),
  };
  const sampling = command({
    verb: "sampling",
    summary: "Switch sampling.",
    args: { state },
    needs: "write",
    whenLate: "run",
    leniency: "strict",
    examples: ["/batch sampling on"],
    run: () => null,
  });
  expect(usage(sampling)).toBe("/batch sampling [on|off]");
  expect(renderHelp([sampling], null)).toContain("`/batch sampling [on\\|off]`");
});

describe("a command whose changes take more than reading", () => {
  const sampling = command({
    verb: "sampling",
    summary: "Show or switch sampling.",
    args: { state: choice("on", "off") },
    needs: "read",
    needsWith: ({ state }) => (state === null ? "read" : "write"),
    whenLate: "run",
    leniency: "strict",
    examples: ["/batch sampling", "/batch sampling on"],
    run: () => null,
  });

  test("says so", () => {
    expect(renderHelp([sampling], null)).toContain("| anyone with read access; changes take write access |");
  });

  test.each([
    ["/batch sampling", "read"],
    ["/batch sampling on", "write"],
  ])("%s needs %s", (text, needs) => {
    const [line] = readCommandLines(text).lines;
    expect(line && parseCommand(line, [sampling], context)).toMatchObject({ kind: "command", needs });
  });
});
