import { breakerPolicy, objectiveOf } from "../config/policy.ts";
import type { Configuration } from "../config/schema.ts";
import { type Breaker, CLOSED } from "../domain/breaker/breaker.ts";
import { describeBreaker } from "../domain/breaker/describe-breaker.ts";
import type { Control } from "../domain/control/control.ts";
import { type Ecosystem, INFRASTRUCTURE } from "../domain/ecosystem.ts";
import { percent } from "../domain/incidents/objective-incident.ts";
import { reportWeek } from "../domain/objective/objective.ts";
import { quote } from "../domain/quote.ts";
import type { IncidentIssue } from "../github/incident-issue.ts";
import { breakerText, unhealthyText } from "./breaker-text.ts";
import type { CommandContext } from "./context.ts";
import { tableCell } from "./markdown.ts";

/** The breakers as a table: state, what there is to say beside, and how the week does against the objective. */
export function breakerTable(
  control: Control,
  only: Ecosystem | null,
  incidents: ReadonlyMap<string, IncidentIssue>,
  { reading, now }: Pick<CommandContext, "reading" | "now">,
): string {
  const { settings } = reading.configuration;
  const policy = breakerPolicy(settings);
  const rates = ratesText(control, settings);
  const entries =
    only === null
      ? [...control.breakers].filter(([name, breaker]) => name !== INFRASTRUCTURE || hasNews(breaker))
      : [[only, control.breakers.get(only) ?? CLOSED] as const];
  if (entries.length === 0) return "Circuit breakers: none yet.";
  const rows = entries.map(([name, breaker]) => {
    const described = describeBreaker(breaker, policy, now);
    const text = `${breakerText(described, now)}${unhealthyText(incidents.get(name) ?? null, now)}`;
    return `| ${tableCell(quote(name, 64))} | ${described.state} | ${text} | ${rates.get(name) ?? ""} |`;
  });
  return `| circuit breaker | state | | success rate |\n|---|---|---|---|\n${rows.join("\n")}`;
}

/** The breaker of what all share is shown when there is something to say of it. */
function hasNews({ state, failures }: Breaker): boolean {
  return state !== "closed" || failures > 0;
}

/** The success rate of each ecosystem in the running week, against its objective. */
export function ratesText({ weeks }: Control, settings: Configuration): ReadonlyMap<string, string> {
  const latest = weeks.at(-1);
  const reports = latest === undefined ? [] : reportWeek(latest, objectiveOf(settings));
  return new Map(
    reports.map(({ ecosystem: name, rate, objective, isMet }) => {
      const verdict = isMet ? `objective ${percent(objective)}` : `**below** the objective of ${percent(objective)}`;
      return [name, `${percent(rate)} this week, ${verdict}`];
    }),
  );
}
