import type { World } from "./world.ts";

/** Puts a security hold on npm into the file as another program would that knows our key; id `h-5ec000`. */
export async function plantSecurityHold(world: World, hold: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const { batchkeeper, disabled_ecosystems } = world.control();
  const at = isoIn(world, 0);
  const planted = { id: "h-5ec000", scope: "npm", kind: "security", by: "olga", at, reason: "drift", ...hold };
  const others = (batchkeeper?.holds ?? []).filter(({ id }) => id !== planted.id);
  await world.editControl("olga", {
    disabled_ecosystems: [...new Set([...disabled_ecosystems, planted.scope])],
    batchkeeper: { version: 1, ...batchkeeper, holds: [...others, planted] },
  });
}

/** So many milliseconds from now, as the file has it. */
export function isoIn(world: World, milliseconds: number): string {
  return new Date(world.clock.now() + milliseconds).toISOString().replace(/\.\d+/, "");
}
