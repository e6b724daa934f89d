import type { BreakerDescription } from "../domain/breaker/describe-breaker.ts";
import { counted } from "../domain/counted.ts";

/** What there is to say about a breaker that is closed. */
export function closedBreakerText({ failures, recent }: Extract<BreakerDescription, { state: "closed" }>): string {
  const streak = failures.count === 0 ? "" : `${failures.count} of ${failures.of} failures in a row; `;
  return recent.runs === 0
    ? `${streak}no run remembered`
    : `${streak}${recent.ok} of ${recent.ok + recent.failed} succeeded in ${counted(recent.runs, "run")}`;
}
