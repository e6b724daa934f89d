import type { Arguments, ReadContext, Values } from "./argument.ts";
import { bindArguments, type Leniency } from "./bind-arguments.ts";

/** The permission on the repository that a command asks of whoever types it. */
export type Needs = "read" | "write";

/** What a command is: its grammar, who may use it, its help and its documentation, in one place. */
export interface Declaration<A extends Arguments, Context, Reply> {
  /** Lower case, one word. */
  readonly verb: string;
  /** One sentence in plain words. */
  readonly summary: string;
  readonly args: A;
  readonly needs: Needs;
  /** Where some arguments ask for more than `needs`, as a change does of a command that also shows. */
  readonly needsWith?: (args: Values<A>) => Needs;
  /**
   * What it changes. A command that changes the control file is not even read while that file cannot be used: which
   * ecosystems there are is not known then, and a name must not be taken for a reason.
   */
  readonly changes?: "control-file";
  /**
   * What becomes of it when it was missed and is found late (`isLate`). What only takes a precaution or reads is run; what
   * changes anything else is asked for again, because nobody may want it by now.
   */
  readonly whenLate: "run" | "repeat";
  /** Lenient where silence or a "no" would do harm, strict where acting on a misreading would. */
  readonly leniency: Leniency;
  /** Whole lines, as typed. */
  readonly examples: readonly [string, ...string[]];
  /** Acts on the arguments. Asks of the context only what it needs. */
  run(args: Values<A>, context: Context): Reply;
}

/** A command as the parser and the help see it, whatever its arguments. */
export interface Command<Context, Reply> extends Omit<Declaration<Arguments, Context, Reply>, "run" | "needsWith"> {
  /** Whether some arguments ask for more than `needs`. */
  readonly mayNeedMore: boolean;
  /** Reads the words after the verb. */
  readonly parse: (words: readonly string[], context: ReadContext) => Ready<Context, Reply> | Problem;
}

interface Ready<Context, Reply> {
  readonly kind: "ready";
  readonly needs: Needs;
  readonly notes: readonly string[];
  readonly run: (context: Context) => Reply;
}

interface Problem {
  readonly kind: "problem";
  readonly text: string;
}

/**
 * Declares a command. The types of its arguments follow from `args`, that of its context from `run`: a command whose
 * context is a small interface fits into any registry whose context offers it.
 */
export function command<const A extends Arguments, Context, Reply>(
  declaration: Declaration<A, Context, Reply>,
): Command<Context, Reply> {
  const { args, leniency, needs, needsWith } = declaration;
  return {
    ...declaration,
    mayNeedMore: needsWith !== undefined,
    parse(words, context) {
      const bound = bindArguments(args, leniency, words, context);
      if (bound.kind === "problem") return bound;
      return {
        kind: "ready",
        needs: needsWith?.(bound.values) ?? needs,
        notes: bound.notes,
        run: (runContext) => declaration.run(bound.values, runContext),
      };
    },
  };
}
