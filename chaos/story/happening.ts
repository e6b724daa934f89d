import fc from "fast-check";
import type { Place } from "./place.ts";

/** A kind of thing that may happen in a repository: one line of the table in `kinds.ts`. */
interface KindSpec<Details> {
  readonly name: string;
  /** How often it happens, beside the weights of the others. */
  readonly weight: number;
  /** What there is to tell of one; printed with the story, so plain data. */
  readonly details: fc.Arbitrary<Details>;
  /**
   * Makes it happen. It first waits for whatever must not race with it, and afterwards until what follows is known where
   * the next one builds on it: see docs/reliability.md, "What may race".
   */
  perform(details: Details, place: Place): Promise<void>;
}

/** Something that happens in a repository. */
export interface Happening {
  readonly kind: string;
  readonly details: unknown;
  perform(place: Place): Promise<void>;
}

/** A kind, ready for the table. */
export interface Kind {
  readonly name: string;
  readonly weight: number;
  readonly happenings: fc.Arbitrary<Happening>;
}

export function kind<Details>({ name, weight, details, perform }: KindSpec<Details>): Kind {
  const happenings = details.map((told) => ({
    kind: name,
    details: told,
    perform: (place: Place) => perform(told, place),
  }));
  return { name, weight, happenings };
}

/** The ecosystems of every story: few, so that they meet again and again. */
export const ECOSYSTEMS = ["homebrew", "npm", "pypi"] as const;

export const anEcosystem = fc.constantFrom(...ECOSYSTEMS);

/** Who makes and merges batches. */
export const PIPELINE = "pipeline";

/** Who the app is. */
export const BOT = "batchkeeper[bot]";

/** One who may command, and of whose edits GitHub never tells anybody. */
export const UNHEARD = "lara";

/** Who may command, and one who may read. The pipeline may write and not command; mallory the repository does not know. */
export const PEOPLE = { olga: "maintain", otto: "maintain", [UNHEARD]: "maintain", rita: "read" } as const;

export const OPERATORS = ["olga", "otto"] as const;
export const anOperator = fc.constantFrom(...OPERATORS);
export const anybody = fc.constantFrom("olga", "otto", "rita", "mallory");
