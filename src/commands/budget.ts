import { budgetPolicy } from "../config/policy.ts";
import type { Configuration } from "../config/schema.ts";
import { resetWeek, type WeekReset } from "../domain/budget/reset-week.ts";
import { type SamplingChange, setSampling } from "../domain/budget/sampling.ts";
import type { Control } from "../domain/control/control.ts";
import { describeHold } from "../domain/holds/describe-hold.ts";
import { printInstant } from "../domain/instant.ts";
import { choice } from "./arguments/choice.ts";
import { rest } from "./arguments/rest.ts";
import { budgetSections, budgetSummary, unreadableText } from "./budget-text.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { changeControl, type Granted, mergedWith, unusableText } from "./control-change.ts";

/** `/batch budget`: what the week's minutes went into and how long they last; a reset, and sampling (runbook section 4). */
export const budget = command({
  verb: "budget",
  summary: "Show the week's minutes, how fast they go and into what; begin the week anew, or turn sampling on or off.",
  args: { change: choice("reset", "sampling on", "sampling off"), reason: rest() },
  needs: "read",
  needsWith: ({ change }) => (change === null ? "read" : "write"),
  whenLate: "repeat",
  leniency: "strict",
  examples: ["/batch budget", "/batch budget sampling on — slow week", "/batch budget reset — the limit was raised"],
  run({ change, reason }, context: CommandContext): Promise<Answer> {
    switch (change) {
      case null:
        return Promise.resolve(show(context));
      case "reset":
        return reset(reason, context);
      case "sampling on":
        return sample(true, reason, context);
      case "sampling off":
        return sample(false, reason, context);
    }
  },
});

function show({ reading: { control, configuration }, now }: CommandContext): Answer {
  if (control.kind === "unusable") {
    return { outcome: "failed", text: unusableText(configuration.settings.control_file, control.problem) };
  }
  const { budget: reading, holds } = control.file.control;
  if (reading.kind === "unreadable") return { outcome: "failed", text: unreadableText(reading.problem) };
  const policy = budgetPolicy(configuration.settings);
  const sections = [
    `As of ${printInstant(now)}.`,
    budgetSummary(reading, policy, now),
    ...budgetSections(reading.budget, policy, now),
    holds
      .filter(({ kind }) => kind === "budget")
      .map((hold) => `- ${describeHold(hold)}`)
      .join("\n"),
  ];
  return { outcome: "done", text: sections.filter((section) => section !== "").join("\n\n") };
}

function reset(reason: string, context: CommandContext): Promise<Answer> {
  const { now } = context;
  const wish = {
    verb: "budget",
    object: "reset",
    reason,
    apply: (control: Control, settings: Configuration) => resetWeek(control, now, budgetPolicy(settings)),
  } as const;
  return changeControl(wish, context, ({ result, pull }: Granted<WeekReset>) => ({
    outcome: "done",
    text: `**The budget week of ${result.week} begins anew**: nothing is used, sampling is off${mergedWith(pull)}. What ended before ${printInstant(now)} is not counted any more. ${liftedText(result)}`,
  }));
}

function liftedText({ lifted }: WeekReset): string {
  if (lifted.length === 0) return "The budget had no holds; those of others stand.";
  return `Lifted the budget's holds on ${lifted.map(({ id, scope }) => `${scope} (\`${id}\`)`).join(", ")}; those of others stand.`;
}

function sample(on: boolean, reason: string, context: CommandContext): Promise<Answer> {
  const { now } = context;
  const state = on ? "on" : "off";
  const wish = {
    verb: "budget",
    object: `sampling ${state}`,
    reason,
    apply: (control: Control, settings: Configuration) => setSampling(control, on, now, budgetPolicy(settings)),
  } as const;
  return changeControl(wish, context, ({ result, control, pull }: Granted<SamplingChange>) => {
    switch (result) {
      case "changed": {
        const until = on
          ? "until the week ends or somebody turns it off"
          : "until a budget reaches the threshold of sampling anew";
        return { outcome: "done", text: `**Sampling is ${state}**${mergedWith(pull)}, ${until}.` };
      }
      case "as-it-was":
        return { outcome: "done", text: `Nothing was changed: sampling is ${state} already.` };
      case "unreadable": {
        const problem = control.budget.kind === "unreadable" ? control.budget.problem : "";
        return { outcome: "refused", text: `Nothing was changed. ${unreadableText(problem)}` };
      }
    }
  });
}
