import type { Control } from "../domain/control/control.ts";
import type { Scope } from "../domain/ecosystem.ts";
import { describeHold } from "../domain/holds/describe-hold.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { blocking, releaseHolds } from "../domain/holds/standing.ts";
import { printInstant } from "../domain/instant.ts";
import { quote } from "../domain/quote.ts";
import { rest } from "./arguments/rest.ts";
import { strictScopes } from "./arguments/strict-scopes.ts";
import { text } from "./arguments/text.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { changeControl, describeScopes, type Granted, scopeList } from "./control-change.ts";

/**
 * `/batch resume`: lifts the holds on exactly what is named, by a pull request, and names what still blocks it. A security
 * hold is not lifted: that takes a second operator (runbook section 5).
 */
export const resume = command({
  verb: "resume",
  summary: "Lift the holds on an ecosystem, on several, or on everything.",
  args: { scopes: strictScopes(), hold: text("id", "lift this hold only, such as h-3f2a91"), reason: rest() },
  needs: "write",
  leniency: "strict",
  examples: ["/batch resume homebrew — mirror is back", "/batch resume", "/batch resume --hold h-3f2a91"],
  run({ scopes: named, hold: id, reason }, context: CommandContext): Promise<Answer> {
    const scopes = scopeList(named);
    const isMeant = (hold: Hold) => (id === null ? scopes.includes(hold.scope) : hold.id === id);
    const isLifted = (hold: Hold) => isMeant(hold) && hold.kind !== "security";
    const wish = {
      verb: "resume",
      object: id === null ? describeScopes(scopes) : `hold ${id}`,
      reason,
      apply: (control: Control) => ({
        control: releaseHolds(control, isLifted),
        result: control.holds.filter(isLifted),
      }),
    } as const;
    return changeControl(wish, context, (granted) => resumed(granted, scopes, id));
  },
});

function resumed(
  { result: lifted, control, by }: Granted<readonly Hold[]>,
  scopes: readonly Scope[],
  id: string | null,
): Answer {
  const touched = id === null ? scopes : [...new Set(lifted.map(({ scope }) => scope))];
  const blocked = stillBlocked(control, touched);
  if (lifted.length > 0) {
    const list = lifted.map((hold) => `\`${hold.id}\` (${hold.kind})`).join(", ");
    return {
      outcome: "done",
      text: `**Resumed: ${describeScopes(touched)}.** Lifted ${list}, merged with${by}.${blocked}`,
    };
  }
  const what =
    id === null
      ? `no hold that you can lift stands on ${describeScopes(scopes)}`
      : `no hold ${quote(id, 40)} that you can lift stands`;
  return { outcome: "refused", text: `Nothing was changed: ${what}.${blocked}${standing(control)}` };
}

/** What keeps the scopes from running although their holds were lifted, and who can change that. */
function stillBlocked(control: Control, scopes: readonly Scope[]): string {
  const holds = [...new Set(scopes.flatMap((scope) => blocking(control, scope)))];
  const breakers = scopes.flatMap((scope) => {
    const breaker = control.breakers.get(scope);
    return breaker === undefined || breaker.state === "closed" ? [] : [{ scope, breaker }];
  });
  const lines = [
    ...holds.map((hold) => `- ${describeHold(hold)} ${howToLift(hold)}`),
    ...breakers.map(({ scope, breaker: { state, opensAt } }) => {
      const when = opensAt === null ? "until a person resets it" : `and is tried again at ${printInstant(opensAt)}`;
      return `- the circuit breaker of ${scope} is ${state} ${when}.`;
    }),
  ];
  return lines.length === 0 ? "" : `\n\nStill in the way:\n${lines.join("\n")}`;
}

function standing({ holds }: Control): string {
  if (holds.length === 0) return " Nothing is held.";
  return `\n\nHolds that stand:\n${holds.map((hold) => `- ${describeHold(hold)}`).join("\n")}`;
}

function howToLift({ id, kind }: Hold): string {
  return kind === "security" ? "A security hold takes a second operator." : `\`/batch resume --hold ${id}\` lifts it.`;
}
