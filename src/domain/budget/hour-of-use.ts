import { HOUR, type Instant } from "../instant.ts";
import type { MeteredSystem } from "./runner-system.ts";

/** Minutes of each metered system. */
export type MeteredMinutes = Readonly<Record<MeteredSystem, number>>;

/** The minutes of the jobs that ended within one hour. */
export interface HourOfUse extends MeteredMinutes {
  /** Its beginning: a whole hour of UTC. */
  readonly from: Instant;
}

/** A day of hours: as far back as a rate is taken, and as far as jobs may come late and leave the same file. */
const REMEMBERED_HOURS = 24;

export const NO_MINUTES: MeteredMinutes = { macos: 0, linux: 0 };

export function plus(minutes: MeteredMinutes, system: MeteredSystem, more: number): MeteredMinutes {
  return { ...minutes, [system]: minutes[system] + more };
}

/** Adds minutes to the hour in which they ended. Hours a day before the newest are forgotten; the order makes no difference. */
export function addToHour(
  hours: readonly HourOfUse[],
  { endedAt, system, minutes }: { readonly endedAt: Instant; readonly system: MeteredSystem; readonly minutes: number },
): readonly HourOfUse[] {
  const from = wholeHour(endedAt);
  const known = hours.find((hour) => hour.from === from) ?? { from, ...NO_MINUTES };
  const all = [...hours.filter((hour) => hour !== known), { from, ...plus(known, system, minutes) }];
  const newest = Math.max(...all.map((hour) => hour.from));
  return all.filter((hour) => hour.from > newest - REMEMBERED_HOURS * HOUR).sort((a, b) => a.from - b.from);
}

export function wholeHour(instant: Instant): Instant {
  return Math.floor(instant / HOUR) * HOUR;
}

/** An hour as the file keeps it: `2026-01-29T14Z 12 340`, its macOS and its Linux minutes. */
export function printHour({ from, macos, linux }: HourOfUse): string {
  return `${new Date(from).toISOString().slice(0, 13)}Z ${macos} ${linux}`;
}

const HOUR_TEXT = /^(\d{4}-\d{2}-\d{2}T\d{2})Z (\d{1,15}) (\d{1,15})$/;

/** The inverse of `printHour`; null for a text that it does not write. */
export function parseHour(text: string): HourOfUse | null {
  const [, hour, macos, linux] = HOUR_TEXT.exec(text) ?? [];
  const from = Date.parse(`${hour}:00:00Z`);
  return Number.isNaN(from) ? null : { from, macos: Number(macos), linux: Number(linux) };
}
