import type { Control } from "../control/control.ts";
import { DAY, type Instant, MINUTE } from "../instant.ts";
import type { Hold } from "./hold.ts";
import { releaseHolds } from "./standing.ts";

/** Something that is to happen because of a hold, at its time. */
export interface HoldMoment {
  /**
   * `ask`: whoever gave it is asked whether it is still needed. `end`: it is lifted. `long`: a stop of everything has lasted
   * so long that the runbook asks for a tracking issue (section 2, "Escalation").
   */
  readonly kind: "ask" | "end" | "long";
  readonly hold: Hold;
  readonly at: Instant;
}

/** How long before its end is asked, at most: long enough to answer, short enough to know. */
const NOTICE = 30 * MINUTE;
/** A stop of everything that lasts longer has a tracking issue. */
const LONG_STOP = DAY;

/** When a hold ends by itself; null when a person lifts it, as every security hold, or the week's reset, as a budget's. */
function endOf({ kind, until }: Hold): Instant | null {
  return kind === "operator" ? until : null;
}

/** What is to happen because of these holds, in the order of its time. */
export function momentsOf(holds: readonly Hold[]): readonly HoldMoment[] {
  return holds.flatMap(momentsOfOne).toSorted((a, b) => a.at - b.at);
}

function momentsOfOne(hold: Hold): readonly HoldMoment[] {
  const end = endOf(hold);
  const ends: readonly HoldMoment[] =
    end === null
      ? []
      : [
          { kind: "ask", hold, at: end - Math.min(NOTICE, Math.max(0, end - hold.at) / 4) },
          { kind: "end", hold, at: end },
        ];
  return hold.scope === "*" ? [...ends, { kind: "long", hold, at: hold.at + LONG_STOP }] : ends;
}

/** Lifts the holds whose time has come. */
export function expireHolds(
  control: Control,
  now: Instant,
): { readonly control: Control; readonly result: readonly Hold[] } {
  const isOver = (hold: Hold) => (endOf(hold) ?? Number.POSITIVE_INFINITY) <= now;
  return { control: releaseHolds(control, isOver), result: control.holds.filter(isOver) };
}

/** Whether everything has been stopped for so long that it has a tracking issue. */
export function isLongStop(holds: readonly Hold[], now: Instant): boolean {
  return holds.some(({ scope, at }) => scope === "*" && at + LONG_STOP <= now);
}
