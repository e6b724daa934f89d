import type { ParseContext } from "./argument.ts";
import type { Command, Needs } from "./command.ts";
import type { CommandLine } from "./command-line.ts";
import { usage } from "./help.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { findCommand, type Registry, refuseVerb } from "./registry.ts";

/** A command that can be run once its author is found to have the permission that it needs. */
export interface ParsedCommand<Context, Reply> {
  readonly kind: "command";
  readonly verb: string;
  readonly needs: Needs;
  readonly whenLate: Command<Context, Reply>["whenLate"];
  /** What the reply should say about how the line was read: Markdown sentences. */
  readonly notes: readonly string[];
  readonly run: (context: Context) => Reply;
}

/**
 * What a line asks for: `<verb> [arguments] [--options]`, the verb in any case. `/batch` alone asks for help. An unknown
 * verb is refused with the nearest one or the way to the help, wrong arguments with the usage.
 */
export function parseCommand<Context, Reply>(
  line: CommandLine,
  registry: Registry<Context, Reply>,
  context: ParseContext,
): ParsedCommand<Context, Reply> | Refusal {
  const [typed = "help", ...words] = line.words;
  const command = findCommand(typed, registry);
  if (command === undefined) return refuseVerb(typed, registry);
  const { verb, whenLate } = command;
  // In `/batch stop: the mirror is down` the colon begins the reason, as it does after any word.
  const argumentWords = typed.endsWith(":") ? ["—", ...words] : words;
  const read = command.parse(argumentWords, { ...context, command: `/batch ${verb}` });
  if (read.kind === "problem")
    return refusal(`\`/batch ${verb}\` was not run. ${read.text} Usage: \`${usage(command)}\``);
  return { kind: "command", verb, needs: read.needs, whenLate, notes: read.notes, run: read.run };
}
