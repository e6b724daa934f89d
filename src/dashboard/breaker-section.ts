import { ratesText } from "../commands/breaker-table.ts";
import { table } from "../commands/markdown.ts";
import { breakerPolicy } from "../config/policy.ts";
import { type BreakerDescription, describeBreaker } from "../domain/breaker/describe-breaker.ts";
import { breakerTimelines, type Span } from "../domain/breaker/timeline.ts";
import type { Control } from "../domain/control/control.ts";
import { counted } from "../domain/counted.ts";
import { INFRASTRUCTURE } from "../domain/ecosystem.ts";
import { dayAndClock } from "../domain/gate/receipt.ts";
import { DAY, type Instant, printInstant } from "../domain/instant.ts";
import { mermaidText } from "../domain/mermaid-text.ts";
import { quote } from "../domain/quote.ts";
import type { Panorama } from "../view/board.ts";
import { closedBreakerText } from "../view/closed-breaker.ts";
import type { Grade } from "../view/verdict.ts";
import { mermaid, SIGNS } from "./markdown.ts";

const GRADES: Readonly<Record<BreakerDescription["state"], Grade>> = {
  closed: "ok",
  "half-open": "warn",
  open: "stop",
};
const ORDER = ["open", "half-open", "closed"] as const;
const MOST_SHOWN = 40;

/** The breakers, what needs somebody first, with how the week does against its objective. */
export function breakerSection(control: Control, { settings }: Panorama, now: Instant): string {
  const policy = breakerPolicy(settings);
  const rank = ({ state }: BreakerDescription) => ORDER.indexOf(state);
  const rows = [...control.breakers]
    .filter(([name, { state, failures }]) => name !== INFRASTRUCTURE || state !== "closed" || failures > 0)
    .map(([name, breaker]) => ({ name, described: describeBreaker(breaker, policy, now) }))
    .sort((a, b) => rank(a.described) - rank(b.described) || (a.name < b.name ? -1 : 1));
  if (rows.length === 0) return "No run has been counted yet.";
  const rates = ratesText(control, settings);
  return table(
    ["ecosystem", "state", "", "success"],
    rows.map(({ name, described }) => [
      quote(name, 64),
      `${SIGNS[GRADES[described.state]]} ${described.state}`,
      stateText(described),
      rates.get(name) ?? "too few tries to tell",
    ]),
    MOST_SHOWN,
  );
}

function stateText(described: BreakerDescription): string {
  switch (described.state) {
    case "closed":
      return closedBreakerText(described);
    case "open": {
      const { since, opensAt, trips } = described;
      const opened = since === null ? "" : `since ${dayAndClock(since)}; `;
      const next = opensAt === null ? "until a person resets it" : `tried again at ${dayAndClock(opensAt)}`;
      return `${opened}${next}; opened ${counted(trips.count, "time")} without recovering`;
    }
    case "half-open": {
      const { lease, successes } = described;
      const probe = lease === null ? "the next run is the probe" : `run ${quote(lease.run, 40)} is the probe`;
      return `${probe}; ${successes.count} of ${successes.of} probes succeeded`;
    }
    default:
      return described satisfies never;
  }
}

const SHOWN = 7 * DAY;
const MOST_DRAWN = 12;
const MOST_SPANS = 12;

/** When breakers were not closed in the last week, as a chart; "" when all were. */
export function breakerChart({ versions }: Panorama, now: Instant): string {
  const timelines = breakerTimelines(versions, { from: now - SHOWN, until: now });
  const drawn = [...timelines]
    .map(([name, spans]) => ({ name, spans: spans.filter(({ state }) => state !== "closed") }))
    .filter(({ spans }) => spans.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (drawn.length === 0) return "";
  const sections = drawn
    .slice(0, MOST_DRAWN)
    .flatMap(({ name, spans }) => [
      `    section ${mermaidText(name, 40) || "unnamed"}`,
      ...spans.slice(-MOST_SPANS).map((span) => `        ${bar(span)}`),
    ]);
  const more = drawn.length > MOST_DRAWN ? `\n\n… and ${counted(drawn.length - MOST_DRAWN, "other breaker")}.` : "";
  const head = ["gantt", "    title Not closed in the last week", "    dateFormat YYYY-MM-DDTHH:mm:ss"];
  return mermaid([...head, "    axisFormat %a %H h", "    todayMarker off", ...sections]) + more;
}

function bar({ state, from, until }: Span): string {
  const clock = (at: Instant) => printInstant(at).slice(0, 19);
  return `${state} :${state === "open" ? "crit" : "active"}, ${clock(from)}, ${clock(until)}`;
}
