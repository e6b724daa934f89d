import { breakerPolicy } from "../config/policy.ts";
import { describeBreaker } from "../domain/breaker/describe-breaker.ts";
import type { Control } from "../domain/control/control.ts";
import type { Scope } from "../domain/ecosystem.ts";
import { describeHold } from "../domain/holds/describe-hold.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { blocking, releaseHolds } from "../domain/holds/standing.ts";
import { quote } from "../domain/quote.ts";
import { rest } from "./arguments/rest.ts";
import { strictScopes } from "./arguments/strict-scopes.ts";
import { text } from "./arguments/text.ts";
import { askToLift } from "./ask-approval.ts";
import { breakerText } from "./breaker-text.ts";
import { command } from "./command.ts";
import { isAskedLater } from "./command-hold.ts";
import type { Answer, CommandContext } from "./context.ts";
import { changeControl, describeScopes, type Granted, mergedWith, scopeList } from "./control-change.ts";
import { enforceResume } from "./enforce.ts";

/**
 * `/batch resume`: lifts the holds on exactly what is named, whoever gave them, by a pull request, and names what still
 * blocks it. For a security hold a second operator is asked.
 */
export const resume = command({
  verb: "resume",
  summary: "Lift the holds on an ecosystem, on several, or on everything.",
  args: { scopes: strictScopes(), hold: text("id", "lift this hold only, such as h-3f2a91"), reason: rest() },
  needs: "write",
  changes: "control-file",
  whenLate: "repeat",
  leniency: "strict",
  examples: ["/batch resume homebrew — mirror is back", "/batch resume", "/batch resume --hold h-3f2a91"],
  async run({ scopes: named, hold: id, reason }, context: CommandContext): Promise<Answer> {
    if (id !== null && named.kind === "ecosystems") {
      return { outcome: "refused", text: "Nothing was changed: name ecosystems or a hold, not both." };
    }
    if (id !== null && !/^h-[0-9a-f]{6}$/.test(id)) {
      const text = `Nothing was changed: ${quote(id, 40)} is not the id of a hold, such as \`h-3f2a91\`.`;
      return { outcome: "refused", text };
    }
    const scopes = scopeList(named);
    const isMeant = (hold: Hold) => (id === null ? scopes.includes(hold.scope) : hold.id === id);
    // Whoever names a hold has seen it.
    const isLater = (hold: Hold) => id === null && isAskedLater(hold, context.request);
    // Lifting a security hold takes a second operator (runbook section 5), unless the settings say otherwise.
    const isShared = context.reading.configuration.settings.operators.second_operator.security;
    const isSecured = (hold: Hold) => isMeant(hold) && hold.kind === "security" && isShared && !isLater(hold);
    const isLifted = (hold: Hold) => isMeant(hold) && !isLater(hold) && !isSecured(hold);
    const wish = {
      verb: "resume",
      object: id === null ? describeScopes(scopes) : `hold ${id}`,
      reason,
      apply: (control: Control) => ({
        control: releaseHolds(control, isLifted),
        result: control.holds.filter(isLifted),
      }),
    } as const;
    const object = id === null ? describeScopes(scopes) : `the hold ${quote(id, 40)}`;
    const answer = await changeControl(
      wish,
      context,
      (granted) =>
        granted.result.length > 0
          ? { outcome: "done", text: resumedText(granted, context) }
          : { outcome: "refused", text: nothingLiftedText(granted.control, object, { isMeant, isLater }) },
      enforceResume(context),
    );
    const secured = answer.control?.holds.filter(isSecured) ?? [];
    if (secured.length === 0) return answer;
    const asked = await askToLift(secured, reason, context);
    return answer.outcome === "refused" ? asked : { ...answer, ...asked, text: `${answer.text}\n\n${asked.text}` };
  },
});

function resumedText({ result: lifted, control, pull }: Granted<readonly Hold[]>, context: CommandContext): string {
  const scopes = [...new Set(lifted.map(({ scope }) => scope))];
  const what = scopes.includes("*") ? "The stop of everything is lifted" : `Resumed: ${describeScopes(scopes)}`;
  const holds = lifted.map(({ id, kind, by }) => `\`${id}\` (${kind}, by ${quote(by, 40)})`).join(", ");
  return `**${what}.** Lifted ${holds}${mergedWith(pull)}.${stillInTheWay(control, scopes, context)}`;
}

function nothingLiftedText(
  { holds }: Control,
  object: string,
  { isMeant, isLater }: Readonly<Record<"isMeant" | "isLater", (hold: Hold) => boolean>>,
): string {
  const meant = holds.filter(isMeant);
  const later = meant.some(isLater)
    ? " What was stopped after this command was written stands; a new comment lifts it."
    : "";
  const standing =
    holds.length === 0 ? " Nothing is held." : `\n\nHolds that stand:\n${holds.map(holdLine).join("\n")}`;
  return `Nothing was changed: there is nothing to lift for ${object}.${later}${standing}`;
}

/** What keeps the scopes from running although their holds were lifted, and who can change that. */
function stillInTheWay(control: Control, scopes: readonly Scope[], { reading, now }: CommandContext): string {
  const isAll = scopes.includes("*");
  const policy = breakerPolicy(reading.configuration.settings);
  const holds = isAll ? control.holds : [...new Set(scopes.flatMap((scope) => blocking(control, scope)))];
  const breakers = [...control.breakers]
    .filter(([name]) => isAll || scopes.some((scope) => scope === name))
    .map(([name, breaker]) => ({ name, described: describeBreaker(breaker, policy, now) }))
    .filter(({ described }) => described.state !== "closed");
  const lines = [
    ...holds.map((hold) => `${holdLine(hold)} ${howToLift(hold)}`),
    ...breakers.map(
      ({ name, described }) =>
        `- the circuit breaker of ${quote(name, 64)} is ${described.state}: ${breakerText(described, now)}.`,
    ),
  ];
  return lines.length === 0 ? "" : `\n\nStill in the way:\n${lines.join("\n")}`;
}

function holdLine(hold: Hold): string {
  return `- ${describeHold(hold)}`;
}

function howToLift({ id, kind }: Hold): string {
  return kind === "security"
    ? `\`/batch resume --hold ${id}\` asks a second operator to lift it.`
    : `\`/batch resume --hold ${id}\` lifts it.`;
}
