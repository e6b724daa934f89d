import type { Ecosystem } from "../../domain/ecosystem.ts";
import type { NameWord } from "./name.ts";

/** What a command covers: everything, or the ecosystems named, each once, in the order typed. */
export type Scopes =
  | { readonly kind: "everything" }
  | { readonly kind: "ecosystems"; readonly names: readonly [Ecosystem, ...Ecosystem[]] };

/** The scope that a list of names covers: everything when it is empty or says so. Words that are no names are left out. */
export function scopesOf(names: readonly NameWord[]): Scopes {
  const [first, ...others] = new Set(names.flatMap(({ ecosystem }) => (ecosystem === null ? [] : [ecosystem])));
  if (first === undefined || names.some(({ isEverything }) => isEverything)) return { kind: "everything" };
  return { kind: "ecosystems", names: [first, ...others] };
}
