import { html } from "hono/html";
import { breakerPolicy, objectiveOf } from "../../config/policy.ts";
import type { Breaker } from "../../domain/breaker/breaker.ts";
import { type BreakerDescription, describeBreaker } from "../../domain/breaker/describe-breaker.ts";
import { breakerTimelines, type Period } from "../../domain/breaker/timeline.ts";
import type { Control } from "../../domain/control/control.ts";
import { counted } from "../../domain/counted.ts";
import { INFRASTRUCTURE } from "../../domain/ecosystem.ts";
import { percent } from "../../domain/incidents/objective-incident.ts";
import type { Instant } from "../../domain/instant.ts";
import { type ObjectiveReport, reportWeek } from "../../domain/objective/objective.ts";
import type { Panorama } from "../../view/board.ts";
import { closedBreakerText } from "../../view/closed-breaker.ts";
import type { Grade } from "../../view/verdict.ts";
import { badge } from "./badge.ts";
import { commandLink } from "./command-link.ts";
import { type Html, until } from "./html.ts";
import { timelineAxis, timelineStrip } from "./timeline-chart.ts";

const GRADES: Readonly<Record<BreakerDescription["state"], Grade>> = {
  closed: "ok",
  "half-open": "warn",
  open: "stop",
};
const ORDER = ["open", "half-open", "closed"] as const;

/** The breakers, what needs somebody first, each with its time line and how the week does against its objective. */
export function breakerList(control: Control, view: Panorama, { period, now }: { period: Period; now: Instant }): Html {
  const policy = breakerPolicy(view.settings);
  const rows = [...control.breakers]
    .filter(([name, breaker]) => name !== INFRASTRUCTURE || hasNews(breaker))
    .map(([name, breaker]) => ({ name, described: describeBreaker(breaker, policy, now) }))
    .sort((a, b) => rank(a.described) - rank(b.described) || (a.name < b.name ? -1 : 1));
  if (rows.length === 0) return html`<p class="none">No run has been counted yet.</p>`;
  const timelines = breakerTimelines(view.versions, period);
  const latest = control.weeks.at(-1);
  const reports = latest === undefined ? [] : reportWeek(latest, objectiveOf(view.settings));
  const rates = new Map<string, ObjectiveReport>(reports.map((report) => [report.ecosystem, report]));
  const head = html`<div class="breaker head" aria-hidden="true"><span>Ecosystem</span><span>${timelineAxis(period)}</span><span>Success this week</span></div>`;
  const items = rows.map(({ name, described }) => {
    const rate = rates.get(name);
    return html`<li class="breaker"><div class="who"><h3>${name}</h3> ${badge(GRADES[described.state], described.state)}</div>
<div class="when">${timelineStrip(timelines.get(name) ?? [], period)}<p>${stateText(described, now)}</p></div>
<div class="rate">${rate === undefined ? html`<p>too few tries to tell</p>` : rateBar(rate)}</div>
${actions(name, described, view)}</li>`;
  });
  return html`${head}<ul class="breakers">${items}</ul>`;
}

function rank({ state }: BreakerDescription): number {
  return ORDER.indexOf(state);
}

/** The breaker of what all share is shown when there is something to say of it. */
function hasNews({ state, failures }: Breaker): boolean {
  return state !== "closed" || failures > 0;
}

function stateText(described: BreakerDescription, now: Instant): Html | string {
  switch (described.state) {
    case "closed":
      return closedBreakerText(described);
    case "open": {
      const { opensAt, trips } = described;
      const next = opensAt === null ? "open until a person resets it" : html`tried again ${until(opensAt, now)}`;
      return html`${next}; opened ${counted(trips.count, "time")} without recovering`;
    }
    case "half-open": {
      const { lease, successes } = described;
      const probe = lease === null ? "the next run is the probe" : html`run <code>${lease.run}</code> is the probe`;
      return html`${probe}; ${successes.count} of ${successes.of} probes succeeded`;
    }
    default:
      return described satisfies never;
  }
}

/** The rate as a bar, the objective as a mark on it. */
function rateBar({ rate, objective, isMet }: ObjectiveReport): Html {
  return html`<svg class="bar ${isMet ? "ok" : "stop"}" aria-hidden="true"><rect class="track" width="100%" height="100%"/><rect class="fill" width="${(rate * 100).toFixed(1)}%" height="100%"/><rect class="mark" x="${(objective * 100).toFixed(1)}%" width="2" height="100%"/></svg><p>${percent(rate)}, ${isMet ? "objective" : html`<strong>below</strong>`} ${percent(objective)}</p>`;
}

function actions(name: string, { state }: BreakerDescription, view: Panorama): Html {
  const commands =
    state === "closed" ? [`/batch stop ${name}`] : [`/batch breaker ${name} reset`, `/batch stop ${name}`];
  return html`<p class="actions">${commands.map((command) => commandLink(view, command, name))}</p>`;
}
