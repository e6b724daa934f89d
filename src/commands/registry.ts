import { quote } from "../domain/quote.ts";
import { bareWord } from "./character.ts";
import type { Command } from "./command.ts";
import { nearest } from "./nearest.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** All commands, in the order of the help. */
export type Registry<Context, Reply> = readonly Command<Context, Reply>[];

/** The command of a verb, typed in any case and with or without punctuation after it. */
export function findCommand<Context, Reply>(
  typed: string,
  registry: Registry<Context, Reply>,
): Command<Context, Reply> | undefined {
  const verb = bareWord(typed).toLowerCase();
  return registry.find((command) => command.verb === verb);
}

/** The answer to a verb that names no command: the nearest one, or the way to the list. */
export function refuseVerb<Context, Reply>(typed: string, registry: Registry<Context, Reply>): Refusal {
  const verbs = registry.map(({ verb }) => verb);
  const meant = nearest(bareWord(typed), verbs);
  const way = meant === null ? "`/batch help` lists the commands." : `Did you mean \`/batch ${meant}\`?`;
  return refusal(`There is no command ${quote(typed, 40)}, so nothing was run. ${way}`);
}
