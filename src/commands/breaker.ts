import { breakerPolicy, objectiveOf } from "../config/policy.ts";
import { type Breaker, CLOSED } from "../domain/breaker/breaker.ts";
import { describeBreaker } from "../domain/breaker/describe-breaker.ts";
import { probeBreaker, resetBreaker, tripBreaker } from "../domain/breaker/manual.ts";
import type { Transition } from "../domain/breaker/transition.ts";
import type { Control } from "../domain/control/control.ts";
import { type Ecosystem, INFRASTRUCTURE } from "../domain/ecosystem.ts";
import { describeHold } from "../domain/holds/describe-hold.ts";
import { blocking } from "../domain/holds/standing.ts";
import { percent } from "../domain/incidents/objective-incident.ts";
import { type Instant, printInstant } from "../domain/instant.ts";
import { reportWeek } from "../domain/objective/objective.ts";
import { choice } from "./arguments/choice.ts";
import { ecosystem } from "./arguments/ecosystem.ts";
import { rest } from "./arguments/rest.ts";
import { breakerText, unhealthyText } from "./breaker-text.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { changeControl, type Granted, mergedWith, unusableText } from "./control-change.ts";
import { breakerIncidents } from "./open-incidents.ts";

type Change = "trip" | "reset" | "probe";

/** `/batch breaker`: why a breaker is what it is, and an operator's own decision on it. */
export const breaker = command({
  verb: "breaker",
  summary:
    "Show the circuit breaker of an ecosystem and why it is what it is; open it, close it, or have it tried now.",
  args: {
    ecosystem: ecosystem({ optional: false, also: [INFRASTRUCTURE] }),
    change: choice("trip", "reset", "probe"),
    reason: rest(),
  },
  needs: "read",
  needsWith: ({ change }) => (change === null ? "read" : "write"),
  changes: "control-file",
  leniency: "strict",
  whenLate: "repeat",
  examples: [
    "/batch breaker homebrew",
    "/batch breaker homebrew trip — its mirror serves old bottles",
    "/batch breaker homebrew reset — the mirror is mended",
    "/batch breaker homebrew probe — try it before the hour is over",
  ],
  run({ ecosystem: name, change, reason }, context: CommandContext): Promise<Answer> {
    return change === null ? show(name, context) : decide(name, change, reason, context);
  },
});

const MOST_RUNS = 6;

async function show(name: Ecosystem, context: CommandContext): Promise<Answer> {
  const { reading, now, repository, incidents } = context;
  const { control, configuration } = reading;
  if (control.kind === "unusable") {
    return { outcome: "failed", text: unusableText(configuration.settings.control_file, control.problem) };
  }
  const known = control.file.control.breakers.get(name) ?? CLOSED;
  const described = describeBreaker(known, breakerPolicy(configuration.settings), now);
  const incident = breakerIncidents(await incidents.listOpen(repository).catch(() => [])).get(name) ?? null;
  const outcomes = known.window
    .slice(-MOST_RUNS)
    .toReversed()
    .map(({ run, at, ok, failed }) => {
      const [id, attempt] = run.split(".");
      const url = `${repository.url}/actions/runs/${id}/attempts/${attempt}`;
      return `- [${run}](${url}) ended ${printInstant(at)}: ${ok} of ${ok + failed} succeeded`;
    });
  const holds = blocking(control.file.control, name).map((hold) => `- ${describeHold(hold)}`);
  const sections = [
    `**The circuit breaker of ${name} is ${described.state}**: ${breakerText(described, now)}${unhealthyText(incident, now)}.`,
    outcomes.length === 0 ? "No outcome is known yet." : `Latest outcomes, of recipes or jobs:\n${outcomes.join("\n")}`,
    weeksText(control.file.control, name, context),
    holds.length === 0 ? "" : `Stopped besides by:\n${holds.join("\n")}`,
    described.state === "closed"
      ? ""
      : `\`/batch breaker ${name} probe — reason\` has it tried by the next run, \`reset\` closes it, \`trip\` keeps it open until a person decides otherwise.`,
  ];
  return { outcome: "done", text: sections.filter((text) => text !== "").join("\n\n") };
}

/** How the last two weeks did against the objective; "" where too little was tried to tell. */
function weeksText({ weeks }: Control, name: Ecosystem, { reading }: CommandContext): string {
  const objective = objectiveOf(reading.configuration.settings);
  const lines = weeks
    .flatMap((week) => reportWeek(week, objective))
    .filter((report) => report.ecosystem === name)
    .map(
      ({ week, rate, tried, isMet }) =>
        `- week of ${week}: ${percent(rate)} (${tried.ok} of ${tried.ok + tried.failed}), ${isMet ? "met" : "**missed**"}`,
    );
  return lines.length === 0 ? "" : `Success rate, objective ${percent(objective(name))}:\n${lines.join("\n")}`;
}

const DECISIONS: Readonly<Record<Change, (breaker: Breaker, now: Instant) => Transition>> = {
  trip: tripBreaker,
  reset: resetBreaker,
  probe: probeBreaker,
};

async function decide(name: Ecosystem, change: Change, reason: string, context: CommandContext): Promise<Answer> {
  const { now, reading } = context;
  const wish = {
    verb: "breaker",
    object: `${name} ${change}`,
    reason,
    apply: (control: Control) => {
      const transition = DECISIONS[change](control.breakers.get(name) ?? CLOSED, now);
      if (transition.kind === "none") return { control, result: transition };
      const breakers = new Map(control.breakers).set(name, transition.breaker);
      return { control: { ...control, breakers }, result: transition };
    },
  } as const;
  return changeControl(wish, context, ({ result, control, pull }: Granted<Transition>) => {
    if (result.kind === "none" && pull === null) return { outcome: "done", text: alreadyText(name, change) };
    const described = describeBreaker(
      control.breakers.get(name) ?? CLOSED,
      breakerPolicy(reading.configuration.settings),
      now,
    );
    const state = `**The circuit breaker of ${name} is ${described.state}**${mergedWith(pull)}: ${breakerText(described, now)}.`;
    return { outcome: "done", text: `${state} ${consequence(name, change)}${whyText(reason)}` };
  });
}

function alreadyText(name: Ecosystem, change: Change): string {
  switch (change) {
    case "trip":
      return `Nothing was changed: the circuit breaker of ${name} is open until a person decides otherwise already.`;
    case "probe":
      return `Nothing was changed: the circuit breaker of ${name} is closed, and every run tries it.`;
    case "reset":
      return `Nothing was changed: the circuit breaker of ${name} is as good as new.`;
  }
}

function consequence(name: Ecosystem, change: Change): string {
  switch (change) {
    case "trip":
      return `No time and no success closes it: \`/batch breaker ${name} probe\` or \`reset\` does.`;
    case "probe":
      return "The next run that starts is the probe; what is under way already decides nothing.";
    case "reset":
      return "It counts afresh; what ended before counts no more, whenever it is heard of.";
  }
}

function whyText(reason: string): string {
  return reason === "" ? " No reason was given: say it in this thread, for those who read it later." : "";
}
