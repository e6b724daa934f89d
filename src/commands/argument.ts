import type { Aliases, Ecosystem } from "../domain/ecosystem.ts";
import type { Instant } from "../domain/instant.ts";

/** What a command may refer to at the moment it is read. */
export interface ParseContext {
  /** The ecosystems seen so far: in the configuration, the control file and the runs. */
  readonly known: readonly Ecosystem[];
  readonly aliases: Aliases;
  readonly now: Instant;
}

/** The context of one command's arguments. */
export interface ReadContext extends ParseContext {
  /** The command as typed by the book, `/batch stop`: what a suggested command begins with. */
  readonly command: string;
}

/** What an argument made of the words offered to it. Texts are Markdown in which words from outside are quoted. */
export type Read<T> =
  | {
      readonly kind: "value";
      readonly value: T;
      /** How many of the words belong to it, from the first. */
      readonly used: number;
      /** What the person should be told about the reading of a positional argument. */
      readonly notes?: readonly string[];
    }
  | {
      readonly kind: "problem";
      readonly text: string;
      /** How many of the words were meant as the value, so that a lenient command does not take them for something else. */
      readonly used: number;
    };

/** An argument known by its place: it takes the first words that no argument before it took. */
export interface Positional<T> {
  readonly kind: "positional";
  /** As in a usage line: `[ecosystem…]`. */
  readonly usage: string;
  read(words: readonly string[], context: ReadContext): Read<T>;
}

/** An argument known by its name, `--until 18:00`, anywhere in the line. */
export interface Option<T> {
  readonly kind: "option";
  readonly description: string;
  /** As in a usage line: `<time>`; null for a flag, which has no value. */
  readonly placeholder: string | null;
  /** What the command gets when the option is not given. */
  readonly absent: T;
  /** Reads the value from the words after the name. */
  read(words: readonly string[], context: ReadContext): Read<T>;
}

/** The reason: every word that no other argument took. */
export interface Rest {
  readonly kind: "rest";
}

export type Argument = Positional<unknown> | Option<unknown> | Rest;

/** The arguments of a command by name. Positional ones are read in this order. */
export type Arguments = Readonly<Record<string, Argument>>;

/** What a command gets from its arguments. */
export type Values<A extends Arguments> = {
  readonly [K in keyof A]: A[K] extends Positional<infer T> | Option<infer T> ? T : string;
};

/** An option's name as it is typed: `dryRun` is `--dry-run`. */
export function optionName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
