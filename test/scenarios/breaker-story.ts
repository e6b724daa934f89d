import { HOUR, MINUTE } from "../../src/domain/instant.ts";
import { BEGINNING } from "./beginning.ts";
import type { World } from "./world.ts";

/** Some days ago, so that runs can be said to be far apart. */
export const MONDAY = BEGINNING - 72 * HOUR;

/** Four failing runs, ten minutes apart: the last ends half an hour after `from`. */
export async function failFourTimes(world: World, from = MONDAY): Promise<void> {
  for (let run = 0; run < 4; run++) await world.run({ homebrew: "failure" }, { endedAt: from + run * 10 * MINUTE });
}

/** When the fourth of them opens the breaker. */
export const OPENED = MONDAY + 30 * MINUTE;

export function breaker(world: World) {
  return world.control().circuit_breaker.homebrew;
}
