/** Which paths a person means: `*` and `?` within a name, `**` across folders. */
export type Glob = string;

// Matching takes at most glob length × path length steps, so that both being bounded bounds it.
const LONGEST_GLOB = 200;

/** Whether a text can be a glob: printable, not too long, relative, never upwards. */
export function isGlob(text: string): boolean {
  return (
    text.length <= LONGEST_GLOB &&
    !/[\p{Cc}\p{Cf}]/u.test(text) &&
    !text.startsWith("/") &&
    !/(?:^|\/)\.\.(?:\/|$)/.test(text)
  );
}

/**
 * Whether a glob means a recipe. Without a slash it is about the recipe's name (`cmake`, `lib*`) or file name; with one,
 * about its path, from the root of the repository or from the folder of the recipes.
 */
export function globMatches(glob: Glob, path: string, recipes: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!glob.includes("/")) return matchesName(glob, name) || matchesName(glob, name.replace(/\.toml$/, ""));
  const inside = path.startsWith(recipes) ? path.slice(recipes.length) : path;
  return matchesPath(glob, path) || matchesPath(glob, inside);
}

/** Whether a glob means a path as a whole: `batch/*` means the branch `batch/1`, and `batch/**` what is below it too. */
export function matchesPath(glob: Glob, path: string): boolean {
  return matchesSequence(glob.split("/"), path.split("/"), (part) => part === "**", matchesName);
}

function matchesName(glob: string, name: string): boolean {
  return matchesSequence(
    [...glob],
    [...name],
    (character) => character === "*",
    (a, b) => a === "?" || a === b,
  );
}

/**
 * Matches a pattern with wildcards that stand for any run of items. After a mismatch only the latest wildcard is widened:
 * whatever an earlier one could take as well, it can take too. So there is no exponential search.
 */
function matchesSequence(
  pattern: readonly string[],
  items: readonly string[],
  isWildcard: (part: string) => boolean,
  matches: (part: string, item: string) => boolean,
): boolean {
  let at = 0;
  let wildcard = -1;
  let widenedTo = 0;
  for (let item = 0; item < items.length; ) {
    const part = pattern[at];
    if (part !== undefined && isWildcard(part)) {
      wildcard = at;
      at += 1;
      widenedTo = item;
    } else if (part !== undefined && matches(part, items[item] ?? "")) {
      at += 1;
      item += 1;
    } else if (wildcard >= 0) {
      widenedTo += 1;
      item = widenedTo;
      at = wildcard + 1;
    } else return false;
  }
  return pattern.slice(at).every(isWildcard);
}
