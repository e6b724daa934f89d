import { breakerPolicy } from "../config/policy.ts";
import { describeBreaker } from "../domain/breaker/describe-breaker.ts";
import { counted } from "../domain/counted.ts";
import type { Instant } from "../domain/instant.ts";
import type { Standing } from "./repository-view.ts";

/** How grave it is: what colour it has, beside the words that say the same. */
export type Grade = "ok" | "warn" | "stop";

/** The state of a pipeline in a few words. */
export interface Verdict {
  readonly grade: Grade;
  readonly title: string;
  readonly facts: readonly string[];
}

/** What stands out about a pipeline at `now`: the switch first, then the breakers. */
export function verdictOn({ control, settings }: Standing, now: Instant): Verdict {
  if (control.kind === "unusable") {
    const facts = [`Nothing can be counted or changed until ${settings.control_file} is mended.`];
    return { grade: "stop", title: "The control file cannot be read", facts };
  }
  const { holds, breakers } = control.control;
  const policy = breakerPolicy(settings);
  const states = [...breakers.values()].map((breaker) => describeBreaker(breaker, policy, now).state);
  const open = states.filter((state) => state === "open").length;
  const due = states.filter((state) => state === "half-open").length;
  const scopes = new Set(holds.map(({ scope }) => scope));
  const facts = [
    counted(holds.length, "hold"),
    open === 0 ? "no breaker open" : `${counted(open, "breaker")} open`,
    ...(due === 0 ? [] : [`${due} being probed`]),
  ];
  if (scopes.has("*")) return { grade: "stop", title: "Everything is stopped", facts };
  if (scopes.size > 0) return { grade: "warn", title: `Running, without ${stoppedText([...scopes].sort())}`, facts };
  if (open + due > 0) return { grade: "warn", title: "Running, with breakers open", facts };
  return { grade: "ok", title: "Running", facts };
}

const MOST_NAMED = 3;

function stoppedText(scopes: readonly string[]): string {
  return scopes.length > MOST_NAMED ? counted(scopes.length, "ecosystem") : new Intl.ListFormat("en").format(scopes);
}
