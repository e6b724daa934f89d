import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { converse } from "../../demo/console.ts";
import { World } from "../../demo/world.ts";

/** What the console shows when these lines are typed and the terminal is then closed. */
async function typed(...lines: readonly string[]): Promise<string> {
  const world = await World.start();
  onTestFinished(() => world.close());
  const [input, output] = [new PassThrough(), new PassThrough()];
  const shown = text(output);
  input.end(lines.map((line) => `${line}\n`).join(""));
  await converse(world, input, output);
  output.end();
  return stripVTControlCharacters(await shown);
}

test("a comment of the operator shows the reactions and the reply", async () => {
  const shown = await typed("/batch stop homebrew — mirror returns 503", "file");
  expect(shown).toMatch(/👀 🚀\n\/batch stop .*\n\nStopped: homebrew\./);
  expect(shown).toContain('"disabled_ecosystems": [\n    "homebrew"\n  ]');
});

test("another person's comment is theirs", async () => {
  expect(await typed("as rita: /batch stop")).toMatch(/👎\n\/batch stop\n\nrefused: rita has the role read/);
});

test("text without a command is told to be without one", async () => {
  expect(await typed("hello")).toContain("no command in it");
});

test("runs that fail open the breaker and an incident", async () => {
  const shown = await typed(...Array(5).fill("run npm failure"), "issues");
  expect(shown).toContain('breaker: {"state":"open"');
  expect(shown).toMatch(/#2 open +npm: the circuit breaker is open/);
});

test("nothing typed after quit is run", async () => {
  expect(await typed("quit", "/batch status")).not.toContain("👀");
});
