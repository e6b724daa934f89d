import type { ParseContext } from "../../src/commands/argument.ts";
import { ecosystem } from "../../src/commands/arguments/ecosystem.ts";
import { flag } from "../../src/commands/arguments/flag.ts";
import { lenientScopes } from "../../src/commands/arguments/lenient-scopes.ts";
import { moment } from "../../src/commands/arguments/moment.ts";
import { rest } from "../../src/commands/arguments/rest.ts";
import type { Scopes } from "../../src/commands/arguments/scopes.ts";
import { strictScopes } from "../../src/commands/arguments/strict-scopes.ts";
import { text } from "../../src/commands/arguments/text.ts";
import { word } from "../../src/commands/arguments/word.ts";
import { command } from "../../src/commands/command.ts";
import { readCommandLines } from "../../src/commands/command-line.ts";
import { parseCommand } from "../../src/commands/parse-command.ts";
import type { Registry } from "../../src/commands/registry.ts";
import { type Ecosystem, parseEcosystem } from "../../src/domain/ecosystem.ts";
import type { Instant } from "../../src/domain/instant.ts";

// Commands that do nothing but hand over what they were given, with the grammar of the real ones.

interface StopArguments {
  readonly scope: Scopes;
  readonly now: boolean;
  readonly until: Instant | null;
  readonly reason: string;
}

const stop = command({
  verb: "stop",
  summary: "Stop one ecosystem, several, or everything.",
  args: {
    scope: lenientScopes(),
    now: flag("also cancel what is running"),
    until: moment("when it is expected to end"),
    reason: rest(),
  },
  needs: "write",
  whenLate: "run",
  leniency: "lenient",
  examples: ["/batch stop homebrew — mirror returns 503", "/batch stop --now suspected compromise"],
  // The annotations below are a test of their own: the arguments' types follow from `args` without a cast.
  run: ({ scope, now, until, reason }): StopArguments => ({ scope, now, until, reason }),
});

const resume = command({
  verb: "resume",
  summary: "Lift holds.",
  args: { scope: strictScopes(), hold: text("id", "lift this hold only") },
  needs: "write",
  whenLate: "run",
  leniency: "strict",
  examples: ["/batch resume homebrew", "/batch resume --hold h-3f2a91"],
  run: ({ scope, hold }): { readonly scope: Scopes; readonly hold: string | null } => ({ scope, hold }),
});

const status = command({
  verb: "status",
  summary: "Show the state.",
  args: { ecosystem: ecosystem({ optional: true }) },
  needs: "read",
  whenLate: "run",
  leniency: "lenient",
  examples: ["/batch status"],
  run: (args): { readonly ecosystem: Ecosystem | null } => args,
});

const breaker = command({
  verb: "breaker",
  summary: "Show a breaker.",
  args: { ecosystem: ecosystem({ optional: false }), dryRun: flag("change nothing") },
  needs: "read",
  whenLate: "run",
  leniency: "strict",
  examples: ["/batch breaker homebrew"],
  run: (args): { readonly ecosystem: Ecosystem; readonly dryRun: boolean } => args,
});

const help = command({
  verb: "help",
  summary: "Explain the commands.",
  args: { about: word("command") },
  needs: "read",
  whenLate: "run",
  leniency: "lenient",
  examples: ["/batch help stop"],
  run: ({ about }, { motto }: { readonly motto: string }) => ({ about, motto }),
});

export const registry: Registry<{ readonly motto: string }, unknown> = [stop, resume, status, breaker, help];

/** 3 February 2026, 12:00 UTC, a Tuesday. */
const now = Date.parse("2026-02-03T12:00:00Z");

const aliases = new Map([["cargo", "crates.io"]]);

/** Well-formed names, or an error in the test that wrote an ill-formed one. */
export function ecosystems(...names: readonly string[]): readonly Ecosystem[] {
  return names.map((name) => {
    const parsed = parseEcosystem(name, aliases);
    if (parsed === null) throw new Error(`the test names an ill-formed ecosystem: ${name}`);
    return parsed;
  });
}

export const context: ParseContext = {
  known: ecosystems("homebrew", "npm", "pypi", "crates.io", "rubygems", "github"),
  aliases,
  now,
};

/** What each command of a comment comes to, in its order: the arguments and notes, or the text of the refusal. */
export function outcomes(comment: string, parseContext: ParseContext = context) {
  const { lines, refusals } = readCommandLines(comment);
  const parsed = lines.map((line) => {
    const result = parseCommand(line, registry, parseContext);
    if (result.kind === "refusal") return { refused: result.text };
    return { verb: result.verb, args: result.run({ motto: "m" }), notes: result.notes };
  });
  return [...parsed, ...refusals.map(({ text: refused }) => ({ refused }))];
}
