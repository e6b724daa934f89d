import { newControlFile, readSoundFile } from "../../src/domain/control/control-file.ts";
import { adoptHandEdits, handEdits } from "../../src/domain/control/hand-edit.ts";
import { writeControlFile } from "../../src/domain/control/write-control-file.ts";
import type { Hold } from "../../src/domain/holds/hold.ts";
import { type Remote, RUN_URL } from "./remote.ts";

const ALIASES = new Map([["cargo", "crates.io"]]);

export const STOP = { ACTION: "stop", SCOPE: "homebrew", REASON: "mirror returns 503" };
export const RESUME = { ACTION: "resume", SCOPE: "homebrew", REASON: "mirror is back" };

const HOLD: Hold = {
  id: "h-000000",
  scope: "*",
  kind: "operator",
  reason: "upstream outage",
  by: "olga",
  at: Date.UTC(2026, 0, 28, 3, 15),
  until: null,
  incidentUrl: "https://github.com/acme/recipes/issues/7",
  source: "",
};
/** A hold by olga on a scope, but for what is said of it. */
export const on = (scope: string, hold: Partial<Hold> = {}) => ({ ...hold, scope: scope as Hold["scope"] });

/** A file in which the app recorded these holds. */
export function fileWith(...holds: Partial<Hold>[]): string {
  const file = newControlFile();
  const whole = holds.map((hold, index): Hold => ({ ...HOLD, id: `h-00000${index}`, ...hold }));
  return writeControlFile(file, { ...file.control, holds: whole });
}

/** The holds that stand once the app is back and has read what break-glass left. */
export function holdsAfter(remote: Remote): readonly Hold[] {
  const file = readSoundFile(remote.text());
  const author = /^\S+/.exec(remote.commit().author)?.[0] ?? "";
  return adoptHandEdits(file.control, handEdits(file, ALIASES), { author, url: RUN_URL, at: 0 }).holds;
}
