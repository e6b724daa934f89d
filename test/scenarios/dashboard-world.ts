import { CONFIGURATION, REPOSITORY, type World } from "./world.ts";

export const DASHBOARD_ON = { [CONFIGURATION]: "dashboard: issue\necosystems: { homebrew: {}, npm: {} }\n" };

/** All issues that are a dashboard, oldest first. */
export function dashboards(world: World) {
  return world.github.issues(REPOSITORY).filter(({ labels }) => labels.includes("dashboard"));
}

export function dashboard(world: World) {
  const found = dashboards(world).at(-1);
  if (found === undefined) throw new Error("There is no dashboard.");
  return found;
}

/** The lines of the boxes, without their hidden markers. */
export function boxes(world: World): readonly string[] {
  const lines = dashboard(world).body.split("\n");
  return lines.flatMap((line) => (line.startsWith("- [") ? [line.replace(/<!-- .*? --> /, "")] : []));
}

/** Ticks a box of the dashboard and waits until all that follows is done. */
export async function tick(world: World, login: string, what: string): Promise<void> {
  await world.github.tickAs(login, REPOSITORY, dashboard(world).number, `**${what}**`);
  await world.quiet();
}
