/** A recipe that can be verified, and what that costs. */
export interface Verifiable {
  readonly path: string;
  readonly downloads: number;
}

/**
 * The recipes whose turn it is on a day: all in the order of their paths, as many as fit into the downloads of a day, then
 * the next ones; after the last the first again. Nothing has to be remembered from one day to the next. A recipe that costs
 * more than a day has is never verified by itself.
 * @param day counted from anywhere, one after the other
 */
export function turnOf(recipes: readonly Verifiable[], day: number, downloads: number): readonly string[] {
  const days: { left: number; paths: string[] }[] = [];
  const fitting = recipes.filter((recipe) => recipe.downloads > 0 && recipe.downloads <= downloads);
  for (const { path, downloads: cost } of fitting.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const last = days.at(-1);
    if (last !== undefined && last.left >= cost) {
      last.left -= cost;
      last.paths.push(path);
    } else days.push({ left: downloads - cost, paths: [path] });
  }
  return days[day % days.length]?.paths ?? [];
}
