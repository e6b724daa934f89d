import { budgetSections, budgetSummary } from "../commands/budget-text.ts";
import { budgetPolicy } from "../config/policy.ts";
import type { Budget, BudgetReading } from "../domain/budget/budget.ts";
import { type BurnDown, type BurnPoint, burnDown } from "../domain/budget/burn-down.ts";
import { describeBudget, type SystemDescription } from "../domain/budget/describe-budget.ts";
import { METERED_SYSTEMS, type MeteredSystem, SYSTEM_NAMES } from "../domain/budget/runner-system.ts";
import { shares } from "../domain/budget/share.ts";
import { type WeekSpan, weekSpan } from "../domain/budget/week-span.ts";
import { counted } from "../domain/counted.ts";
import { DAY, HOUR, type Instant } from "../domain/instant.ts";
import { mermaidText } from "../domain/mermaid-text.ts";
import type { Panorama } from "../view/board.ts";
import { mermaid } from "./markdown.ts";

/** The week's budget in words and tables, as `/batch budget` says it. */
export function budgetSection(reading: BudgetReading, { settings }: Panorama, now: Instant): string {
  const policy = budgetPolicy(settings);
  const summary = budgetSummary(reading, policy, now);
  if (reading.kind === "unreadable") return summary;
  return [summary, ...budgetSections(reading.budget, policy, now)].join("\n\n");
}

/** How the budgets of macOS and Linux go down, with the forecast; "" when no week is under way. */
export function budgetCharts(reading: BudgetReading, { settings, versions }: Panorama, now: Instant): string {
  if (reading.kind === "unreadable") return "";
  const { budget } = reading;
  const policy = budgetPolicy(settings);
  const described = describeBudget(budget, policy, now);
  const span = weekSpan(budget, policy.week);
  if (described.timing !== "present" || span === null) return "";
  const charts = described.systems.map((system) => {
    const burn = burnDown(system, { span, now }, { versions, weekStart: budget.weekStart });
    return burnDownChart(system, burn, { span, timeZone: policy.week.timeZone });
  });
  return `${charts.join("\n\n")}\n\nBlue: what is left. Orange: the same, and as it goes on at the rate of the last day. Grey: an even pace.`;
}

// In the order in which they are drawn, the last on top.
const COLOURS = "#8c959f, #bf8700, #0969da";

/**
 * A budget at the beginning of each day of its week. Mermaid draws a line from the first place of the axis on, so that the
 * forecast is the end of a line that begins with what is known.
 */
function burnDownChart(
  { system, limit }: SystemDescription,
  burn: BurnDown,
  { span, timeZone }: { readonly span: WeekSpan; readonly timeZone: string },
): string {
  const days = daysOf(span, timeZone);
  const present = burn.past.at(-1)?.at ?? span.begins;
  const points = [...burn.past, ...burn.forecast.slice(1)];
  const whole = days.map(({ at }) => Math.round(leftAt(points, at)));
  const past = whole.filter((_, day) => (days[day]?.at ?? 0) <= present);
  const even = days.map(({ at }) =>
    Math.round((limit * (span.ends - Math.min(at, span.ends))) / (span.ends - span.begins)),
  );
  return mermaid([
    "---",
    "config:",
    "    themeVariables:",
    "        xyChart:",
    `            plotColorPalette: "${COLOURS}"`,
    "---",
    "xychart-beta",
    `    title "${SYSTEM_NAMES[system]} minutes left"`,
    `    x-axis [${days.map(({ name }) => `"${name}"`).join(", ")}]`,
    `    y-axis "minutes" ${Math.min(0, ...whole)} --> ${Math.max(limit, ...whole)}`,
    `    line [${even.join(", ")}]`,
    `    line [${whole.join(", ")}]`,
    `    line [${past.join(", ")}]`,
  ]);
}

/** The beginnings of the days of a week, and its end; each name once. */
function daysOf(
  { begins, ends }: WeekSpan,
  timeZone: string,
): readonly { readonly at: Instant; readonly name: string }[] {
  const format = new Intl.DateTimeFormat("en", { weekday: "short", day: "numeric", timeZone });
  return Array.from({ length: Math.round((ends - begins) / DAY) + 1 }, (_, day) => {
    const at = begins + day * DAY;
    // Two hours on it is the same day, also in a week in which the clocks are changed.
    const parts = new Map(format.formatToParts(at + 2 * HOUR).map(({ type, value }) => [type, value]));
    return { at, name: `${parts.get("weekday")} ${parts.get("day")}` };
  });
}

/** What was left at a moment, on the straight line between the nearest points that are known. */
function leftAt(points: readonly BurnPoint[], at: Instant): number {
  const before = points.findLast((point) => point.at <= at);
  const after = points.find((point) => point.at > at);
  if (before === undefined || after === undefined) return (before ?? after)?.left ?? 0;
  return before.left + ((after.left - before.left) * (at - before.at)) / (after.at - before.at);
}

const MOST_SLICES = 8;

/** Who uses the budgets, as a chart for each system; "" when nobody does. */
export function shareCharts(reading: BudgetReading): string {
  if (reading.kind === "unreadable") return "";
  const charts = METERED_SYSTEMS.map((system) => shareChart(reading.budget, system));
  return charts.filter((chart) => chart !== "").join("\n\n");
}

function shareChart(budget: Budget, system: MeteredSystem): string {
  // Less than a hundredth of a minute is nothing to Mermaid, which refuses a slice of nothing.
  const used = shares(budget)
    .map(({ ecosystem, minutes }) => ({ name: ecosystem ?? "no ecosystem named", minutes: minutes[system] }))
    .filter(({ minutes }) => minutes >= 0.01)
    .toSorted((a, b) => b.minutes - a.minutes);
  if (used.length === 0) return "";
  const rest = used.slice(MOST_SLICES);
  const others = { name: counted(rest.length, "other"), minutes: rest.reduce((sum, { minutes }) => sum + minutes, 0) };
  const slices = [...used.slice(0, MOST_SLICES), ...(rest.length === 0 ? [] : [others])];
  return mermaid([
    "pie showData",
    `    title Who uses ${SYSTEM_NAMES[system]} minutes`,
    ...slices.map(({ name, minutes }) => `    "${mermaidText(name, 40)}" : ${minutes.toFixed(2)}`),
  ]);
}
