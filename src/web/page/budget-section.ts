import { html } from "hono/html";
import { budgetPolicy } from "../../config/policy.ts";
import type { Budget, BudgetReading } from "../../domain/budget/budget.ts";
import { burnDown } from "../../domain/budget/burn-down.ts";
import { type BudgetDescription, describeBudget, type SystemDescription } from "../../domain/budget/describe-budget.ts";
import type { ThresholdForecast } from "../../domain/budget/forecast.ts";
import { METERED_SYSTEMS, type MeteredSystem, SYSTEM_NAMES } from "../../domain/budget/runner-system.ts";
import { type Share, shares } from "../../domain/budget/share.ts";
import { weekSpan } from "../../domain/budget/week-span.ts";
import type { Instant } from "../../domain/instant.ts";
import type { Panorama } from "../../view/board.ts";
import type { Grade } from "../../view/verdict.ts";
import { badge } from "./badge.ts";
import { burnDownChart } from "./burn-down-chart.ts";
import { commandLink } from "./command-link.ts";
import { type Html, moment, until } from "./html.ts";

/** The week's budget of each system: how it goes down, when it will be used up, and who uses it. */
export function budgetSection(reading: BudgetReading, view: Panorama, now: Instant): Html {
  if (reading.kind === "unreadable") {
    return html`<p class="notice">The budget in the control file cannot be read (<code>${reading.problem}</code>): no minutes are counted until somebody mends it, or ${commandLink(view, "/batch budget reset")} begins it anew.</p>`;
  }
  const { budget } = reading;
  const policy = budgetPolicy(view.settings);
  const described = describeBudget(budget, policy, now);
  const span = weekSpan(budget, policy.week) ?? described.span;
  const figures = described.systems.map((system) => {
    const burn = burnDown(system, { span, now }, { versions: view.versions, weekStart: budget.weekStart });
    return html`<figure class="card"><figcaption><h3>${SYSTEM_NAMES[system.system]}</h3> ${badge(grade(system, policy), `${system.percent} % used`)}<p>${Math.round(system.used).toLocaleString("en")} of ${system.limit.toLocaleString("en")} minutes</p></figcaption>
${burnDownChart({ described: system, burn, span, timeZone: policy.week.timeZone })}
<p>${forecastText(system, now)}</p></figure>`;
  });
  return html`<p>Week of ${span.week}, until ${moment(span.ends)}.${budget.sampling ? html` ${badge("warn", "sampling")}` : ""} ${timingText(described)}</p>
<div class="pair">${figures}</div>
<p class="legend" aria-hidden="true"><span class="key past"></span>left <span class="key even"></span>even pace <span class="key forecast"></span>at the rate of the last day <span class="key threshold"></span>sampling and stop</p>
${shareBars(budget)}`;
}

function grade({ percent }: SystemDescription, { samplingAt, stopAt }: { samplingAt: number; stopAt: number }): Grade {
  if (percent >= stopAt) return "stop";
  return percent >= samplingAt ? "warn" : "ok";
}

function timingText({ timing, span, cost }: BudgetDescription): Html | string {
  switch (timing) {
    case "present":
      return `$${cost.soFar.toFixed(2)} so far, $${cost.byTheEnd.toFixed(2)} by its end at this rate.`;
    case "none":
      return "No run is counted yet.";
    case "over":
      return "That week is over; the next run that is counted begins a new one.";
    case "future":
      return html`That week has not begun: nothing is counted before ${moment(span.begins)}.`;
    default:
      return timing satisfies never;
  }
}

function forecastText({ forecast, burn }: SystemDescription, now: Instant): Html {
  const rate = `${burn.day.rate.toFixed(1)} min/h over the last day (${burn.day.pace.toFixed(1)}× an even pace)`;
  if (forecast.every(({ when }) => when.kind === "not-this-week")) return html`${rate}: it lasts the week.`;
  const thresholds = forecast.map(
    ({ percent, when }, index) => html`${index === 0 ? "" : ", "}${percent} % ${expected(when, now)}`,
  );
  return html`${rate}: ${thresholds}.`;
}

function expected(when: ThresholdForecast["when"], now: Instant): Html | string {
  switch (when.kind) {
    case "reached":
      return html`<strong>reached</strong>`;
    case "not-this-week":
      return "not this week";
    case "expected":
      return until(when.at, now);
    default:
      return when satisfies never;
  }
}

/** Colours that can be told apart; what is smaller is one stretch. */
const MOST_SHOWN = 6;

function shareBars(budget: Budget): Html {
  const all = shares(budget);
  if (all.length === 0) return html``;
  return html`<h3>Who uses it</h3><div class="pair">${METERED_SYSTEMS.map((system) => shareBar(all, system))}</div>`;
}

function shareBar(all: readonly Share[], system: MeteredSystem): Html {
  const sorted = all
    .filter(({ minutes }) => minutes[system] > 0)
    .toSorted((a, b) => b.minutes[system] - a.minutes[system]);
  const total = sorted.reduce((sum, { minutes }) => sum + minutes[system], 0);
  if (total === 0) return html`<div><h4>${SYSTEM_NAMES[system]}</h4><p class="none">No minutes yet.</p></div>`;
  const rest = sorted.slice(MOST_SHOWN).reduce((sum, { minutes }) => sum + minutes[system], 0);
  const parts = [
    ...sorted
      .slice(0, MOST_SHOWN)
      .map(({ ecosystem, minutes }) => ({ name: ecosystem ?? "no ecosystem named", minutes: minutes[system] })),
    ...(rest > 0 ? [{ name: `${sorted.length - MOST_SHOWN} others`, minutes: rest }] : []),
  ];
  let start = 0;
  const rects = parts.map(({ minutes }, index) => {
    const width = (100 * minutes) / total;
    start += width;
    return html`<rect class="s${index}" x="${(start - width).toFixed(2)}%" width="${width.toFixed(2)}%" height="100%"/>`;
  });
  const items = parts.map(
    ({ name, minutes }, index) =>
      html`<li><span class="key s${index}"></span>${name} <span class="amount">${Math.round(minutes).toLocaleString("en")} min, ${Math.round((100 * minutes) / total)} %</span></li>`,
  );
  return html`<div><h4>${SYSTEM_NAMES[system]}</h4><svg class="shares" aria-hidden="true">${rects}</svg><ul class="shares">${items}</ul></div>`;
}
