import { setTimeout as delay } from "node:timers/promises";
import { chance } from "../chance.ts";
import type { CallHooks } from "./calls.ts";

/** Share of the downloads that something happens to, and for how long a slow one waits. */
const SLOW = 0.3;
const DEADLY = 0.15;
const WAIT = 400;

/**
 * What becomes of each download, by its name: it is slow, or whoever downloads is killed meanwhile. None is refused or cut
 * off: what could not be downloaded is told, and for a person to ask for again.
 */
export function downloadPolicy(
  seed: number,
  { crash, note }: { readonly crash: () => void; readonly note: CallHooks["note"] },
): (path: string) => Promise<void> {
  const counts = new Map<string, number>();
  return async (path) => {
    const nth = (counts.get(path) ?? 0) + 1;
    counts.set(path, nth);
    const fate = chance(seed, "download", path, nth);
    if (fate >= SLOW) return;
    note(`GET ${path} (${nth}) ${fate < DEADLY ? "kills the process" : "is slow"}`);
    if (fate < DEADLY) crash();
    await delay(WAIT);
  };
}
