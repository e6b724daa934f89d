import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { CONSOLE_HELP, type ConsoleLine, OPERATOR, readConsoleLine } from "./console-line.ts";
import { renderMarkdown } from "./markdown.ts";
import type { World } from "./world.ts";

const EMOJI: Readonly<Record<string, string>> = { eyes: "👀", rocket: "🚀", "-1": "👎", confused: "😕" };

/** Takes lines from a terminal until it is closed or told to quit: comments of people, and a look at what they caused. */
export async function converse(
  world: World,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<void> {
  const hint = styleText("bold", "/batch help");
  output.write(`\nYou are ${OPERATOR}, an operator. Comments go to issue #${world.talk}. Begin with ${hint}.\n`);
  output.write(`${CONSOLE_HELP}\n\n`);
  const terminal = createInterface({ input, output, prompt: `${OPERATOR}> ` });
  let isOpen = true;
  terminal.once("close", () => {
    isOpen = false;
  });
  terminal.once("SIGINT", () => terminal.close());
  terminal.prompt();
  for await (const line of terminal) {
    const asked = readConsoleLine(line);
    if (asked.kind === "quit") break;
    const answer = await answerTo(asked, world);
    if (answer !== "") output.write(`${answer}\n\n`);
    // It may have been closed while the answer was made; a closed one refuses to prompt.
    if (isOpen) terminal.prompt();
  }
  terminal.close();
  output.write("\n");
}

/** Does what a line asks for; what to show for it. */
async function answerTo(asked: Exclude<ConsoleLine, { kind: "quit" }>, world: World): Promise<string> {
  switch (asked.kind) {
    case "comment":
      return comment(world, asked.login, asked.body);
    case "run":
      return run(world, asked.ecosystem, asked.conclusion);
    case "file":
      return `${world.controlText()}${styleText("dim", world.controlUrl)}`;
    case "issues":
      return issues(world);
    case "help":
      return CONSOLE_HELP;
    case "nothing":
      return "";
    default:
      return asked satisfies never;
  }
}

async function comment(world: World, login: string, body: string): Promise<string> {
  const before = world.replies(world.talk).length;
  const id = await world.comment(login, world.talk, body);
  const replies = world.replies(world.talk).slice(before);
  if (replies.length === 0) return styleText("dim", "(no command in it: Batchkeeper says nothing)");
  const reactions = world.reactions(id).map((name) => EMOJI[name] ?? name);
  return [reactions.join(" "), ...replies.map(renderMarkdown)].join("\n");
}

async function run(world: World, ecosystem: string, conclusion: "success" | "failure"): Promise<string> {
  const id = await world.batchRun({ [ecosystem]: conclusion });
  const breaker = JSON.stringify(world.control().circuit_breaker[ecosystem] ?? null);
  const incidents = world.incidents().filter(({ state }) => state === "open");
  const open = incidents.map(({ number, title }) => `#${number} ${title}`).join(", ") || "none";
  return `run ${id}: ${conclusion}\nbreaker: ${breaker}\nopen incidents: ${open}`;
}

function issues(world: World): string {
  const threads = [
    ...world.issues().map(({ number, state, title, labels }) => ({ number, state, title, labels })),
    ...world
      .pulls()
      .map(({ number, state, merged, title, labels }) => ({ number, state: merged ? "merged" : state, title, labels })),
  ];
  return threads
    .toSorted((one, other) => one.number - other.number)
    .map(
      ({ number, state, title, labels }) =>
        `#${number} ${state.padEnd(6)} ${title} ${styleText("dim", labels.join(", "))}`,
    )
    .join("\n");
}
