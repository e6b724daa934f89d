import type { Budget } from "./budget.ts";
import { METERED_SYSTEMS, type MeteredSystem } from "./runner-system.ts";

/** What one ecosystem used of the week's minutes. */
export interface Share {
  /** Null for the jobs that name none. */
  readonly ecosystem: string | null;
  readonly minutes: Readonly<Record<MeteredSystem, number>>;
  /** Percent of what all used together, rounded. */
  readonly percent: Readonly<Record<MeteredSystem, number>>;
}

/** The share of each ecosystem that used anything, the largest use of macOS first, and what names none last. */
export function shares({ used, ecosystems }: Budget): readonly Share[] {
  const named = [...ecosystems].filter(([, minutes]) => METERED_SYSTEMS.some((system) => minutes[system] > 0));
  const sum = (system: MeteredSystem) => named.reduce((total, [, minutes]) => total + minutes[system], 0);
  // The totals are upstream's fields, which people write too: they may be less than what was counted.
  const rest = (system: MeteredSystem) => Math.max(0, used[system] - sum(system));
  const share = (ecosystem: string | null, minutes: Share["minutes"]): Share => ({
    ecosystem,
    minutes,
    percent: {
      macos: percent(minutes.macos, sum("macos") + rest("macos")),
      linux: percent(minutes.linux, sum("linux") + rest("linux")),
    },
  });
  const unnamed = { macos: rest("macos"), linux: rest("linux") };
  return [
    ...named
      .map(([name, minutes]) => share(name, minutes))
      .sort((a, b) => b.minutes.macos - a.minutes.macos || b.minutes.linux - a.minutes.linux),
    ...(unnamed.macos + unnamed.linux > 0 ? [share(null, unnamed)] : []),
  ];
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((100 * part) / whole);
}
