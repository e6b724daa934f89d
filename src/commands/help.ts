import { type Argument, optionName } from "./argument.ts";
import type { Command, Needs } from "./command.ts";
import { findCommand, type Registry, refuseVerb } from "./registry.ts";

const WHO: Record<Needs, string> = { read: "anyone with read access", write: "anyone with write access" };

function who<Context, Reply>({ needs, mayNeedMore }: Command<Context, Reply>): string {
  return mayNeedMore ? `${WHO[needs]}; changes take write access` : WHO[needs];
}

/** A command as a line to fill in: `/batch stop [ecosystem…] [--now] [--until <time>] [— reason]`. */
export function usage<Context, Reply>({ verb, args }: Command<Context, Reply>): string {
  return ["/batch", verb, ...Object.entries(args).map(([key, arg]) => usageOf(key, arg))].join(" ");
}

function usageOf(key: string, arg: Argument): string {
  switch (arg.kind) {
    case "positional":
      return arg.usage;
    case "option":
      return `[${optionTyped(key, arg.placeholder)}]`;
    case "rest":
      return "[— reason]";
  }
}

function optionTyped(key: string, placeholder: string | null): string {
  return placeholder === null ? optionName(key) : `${optionName(key)} ${placeholder}`;
}

/**
 * The help, as Markdown: a table of all commands, or one command in full. Commands stand in code, where `readText` reads
 * none, so that a help text that is quoted or copied runs nothing.
 *
 * @param verb the command to explain, as somebody typed it; null for the table
 */
export function renderHelp<Context, Reply>(registry: Registry<Context, Reply>, verb: string | null): string {
  if (verb === null) return renderTable(registry);
  const command = findCommand(verb, registry);
  return command === undefined ? refuseVerb(verb, registry).text : renderCommand(command);
}

function renderTable<Context, Reply>(registry: Registry<Context, Reply>): string {
  const rows = registry.map((command) => `| ${tableCode(usage(command))} | ${who(command)} | ${command.summary} |`);
  return [
    "| Command | Who | What it does |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "Write a command at the start of a line of a new comment. `/batch help <command>` shows its options and examples.",
  ].join("\n");
}

/** What becomes of a command that was missed, for whoever reads its help. */
const WHEN_LATE: Readonly<Record<Command<unknown, unknown>["whenLate"], string>> = {
  run: "Missed and found late, it is run all the same.",
  repeat: "Missed and found late, it changes nothing: you are asked to repeat it.",
};

function renderCommand<Context, Reply>(command: Command<Context, Reply>): string {
  const options = Object.entries(command.args).flatMap(([key, arg]) =>
    arg.kind === "option" ? [`- \`${optionTyped(key, arg.placeholder)}\`: ${arg.description}`] : [],
  );
  return [
    command.summary,
    "",
    ...codeBlock([usage(command)]),
    ...(options.length === 0 ? [] : ["", ...options]),
    "",
    `For ${who(command)}. ${WHEN_LATE[command.whenLate]} Examples:`,
    "",
    ...codeBlock(command.examples),
  ].join("\n");
}

function codeBlock(lines: readonly string[]): readonly string[] {
  return ["```", ...lines, "```"];
}

// In a table a bar ends the cell, even within code (GitHub Flavored Markdown, section 4.10).
function tableCode(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}
