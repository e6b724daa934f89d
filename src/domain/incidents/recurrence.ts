import { DAY, HOUR, type Instant } from "../instant.ts";
import type { IncidentLog } from "./incident-log.ts";

/** An incident whose cause comes back within this time is the same one (it is opened again), later it is another. */
const SAME_WITHIN = 10 * DAY;

/** What comes back so often within a day is flapping: then it is told once and stays open until it is calm. */
const FLAPS = 3;
const FLAPPING_WITHIN = DAY;
const CALM = 6 * HOUR;

/** Whether what was resolved at a time and comes back now is the same incident. */
export function isSame(resolvedAt: Instant, now: Instant): boolean {
  return now - resolvedAt <= SAME_WITHIN;
}

/** Whether an incident that comes back now, or came back last, has done so too often to tell of each time. */
export function isFlapping({ entries }: IncidentLog, now: Instant): boolean {
  const returns = entries.filter(({ kind, at }) => kind === "reopened" && now - at <= FLAPPING_WITHIN);
  return returns.length >= FLAPS;
}

/** Whether a flapping incident has been calm for long enough to be closed on evidence like any other. */
export function isCalm({ entries }: IncidentLog, now: Instant): boolean {
  const restless = entries.findLast(({ kind }) => kind === "reopened" || kind === "changed" || kind === "flapping");
  return restless === undefined || now - restless.at >= CALM;
}

/** What the thread is told when an incident comes back. */
export function returnText(nth: number): string {
  return `**It is back** (return ${nth}). The description is written anew; the earlier one is in its edit history.`;
}

/** What the thread is told, once, when it has come back too often. */
export function flappingText(): string {
  return `**It is flapping**: ${FLAPS} returns within a day. It now stays open until it has been calm for ${CALM / HOUR} hours, and until then what happens is only noted in the timeline.`;
}
