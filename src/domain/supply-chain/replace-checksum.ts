import { stringify, type TomlTable } from "smol-toml";
import { isTable } from "../batches/recipe.ts";
import { type Fill, type Hash, type OwnChecksum, ownChecksums } from "./check-plan.ts";
import { parseRecipe } from "./recipe-source.ts";

/** A checksum that a recipe gives itself, and the one that it is to give instead. */
export interface ChecksumChange {
  readonly url: string;
  readonly from: Hash;
  readonly to: Hash;
}

/**
 * A recipe with other checksums, and every other byte as it was: comments, spelling, and the same digits anywhere else. Null
 * when it cannot be told for certain where a checksum stands, such as one that is written with escapes.
 */
export function replaceChecksums(text: string, fill: Fill, changes: readonly ChecksumChange[]): string | null {
  return changes.reduce<string | null>((changed, change) => {
    return changed === null ? null : replaceChecksum(changed, fill, change);
  }, text);
}

function replaceChecksum(text: string, fill: Fill, { url, from, to }: ChecksumChange): string | null {
  const recipe = parseRecipe(text);
  const targets = recipe === null ? [] : ownChecksums(recipe, fill, url, from);
  const digits = new RegExp(from.digits, "gi");
  const found = [...text.matchAll(digits)].map(({ index }) => index);
  if (recipe === null || targets.length === 0 || found.length > MOST_PLACES) return null;
  const wanted = targets.map((target) => withChecksum(recipe, target, (value) => value.replace(digits, to.digits)));
  const places = found.filter((index) => {
    const candidate = parseRecipe(splice(text, index, to));
    return candidate !== null && wanted.some((one) => isSame(one, candidate));
  });
  // From the end on, so that the places before stay where they are.
  return places.length === targets.length
    ? places.toReversed().reduce((changed, index) => splice(changed, index, to), text)
    : null;
}

/** Each is looked at by reading the recipe once more. */
const MOST_PLACES = 20;

function splice(text: string, index: number, { digits }: Hash): string {
  return text.slice(0, index) + digits + text.slice(index + digits.length);
}

/** A recipe that says one checksum otherwise. */
function withChecksum(recipe: TomlTable, { index, key }: OwnChecksum, change: (value: string) => string): TomlTable {
  const steps = (Array.isArray(recipe.steps) ? recipe.steps : []).map((step, at) =>
    at === index && isTable(step) ? { ...step, [key]: change(String(step[key])) } : step,
  );
  return { ...recipe, steps };
}

/** Whether two recipes say the same, whatever their spelling. */
function isSame(one: TomlTable, other: TomlTable): boolean {
  return stringify(one) === stringify(other);
}
