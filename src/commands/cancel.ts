import { printInstant } from "../domain/instant.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import { closePull } from "../github/close-pull.ts";
import { hasMarker } from "../github/marker.ts";
import { at } from "../github/repository.ts";
import { tellOnce } from "../github/tell-thread.ts";
import { waitingApprovals } from "../github/waiting-approval.ts";
import { tellRequester } from "./approval.ts";
import { waitingId } from "./arguments/waiting-id.ts";
import { type Choosable, choosableApproval, chooseWaiting } from "./choose-waiting.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { tellEnd, waitingRequests } from "./waiting-request.ts";

/** What may be withdrawn, and how whoever asked for it is told. */
interface Withdrawable extends Choosable {
  readonly branch: string;
  readonly tell: (text: string) => Promise<void>;
}

/**
 * `/batch cancel`: withdraws what waits for a second operator, a review or checks. Whoever asked for it may, and any other
 * operator.
 */
export const cancel = command({
  verb: "cancel",
  summary: "Withdraw what waits for a second operator, a review or checks.",
  args: { id: waitingId() },
  needs: "write",
  whenLate: "repeat",
  leniency: "strict",
  examples: ["/batch cancel 3f2a91bc", "/batch cancel #12"],
  async run({ id }, context: CommandContext): Promise<Answer> {
    const { repository, request, botLogin } = context;
    const before = request.again ? await cancelledBefore(context) : null;
    if (before !== null) await closeAgain(before, context);
    if (before !== null) return { outcome: "done", text: cancelledText(before, context) };
    const waiting = await withdrawable(context);
    const chosen = chooseWaiting(id, waiting, request.issue.number, { one: "waits", several: "wait" });
    if ("outcome" in chosen) return chosen;
    // Said first: whoever carries this out again after a crash finds by it what was meant.
    const who = quote(request.operator.login, 40);
    const said = `Withdrawn by ${who} in [a comment](${request.comment.url}).`;
    await tellOnce(repository, chosen.number, { kind: "approval-end", key: `cancel-${request.comment.id}` }, said, {
      botLogin,
    });
    await closePull(repository, chosen);
    await chosen.tell(`**Withdrawn by ${who}**: what you asked for is not done.`);
    return { outcome: "done", text: cancelledText(chosen.number, context) };
  },
});

/** What waits for a second operator first, then what waits for anything else. */
async function withdrawable(context: CommandContext): Promise<readonly Withdrawable[]> {
  const { repository, request } = context;
  const [approvals, requests] = await Promise.all([
    waitingApprovals(repository, context),
    waitingRequests(repository, context),
  ]);
  const numbers = new Set(approvals.map(({ number }) => number));
  const shared = approvals.map((approval) => ({
    ...choosableApproval(approval),
    tell: (text: string) => tellRequester(approval, text, request.comment, context),
  }));
  const others = requests.filter(({ number }) => !numbers.has(number));
  return [
    ...shared,
    ...others.map((pull) => ({
      ...pull,
      digest: null,
      line: `${numberLink(pull)}, ${quote(pull.request.subject)}, asked for by ${quote(pull.request.operator.login, 40)}`,
      tell: (text: string) => tellEnd(repository, pull, text, context, [pull.number, request.issue.number]),
    })),
  ];
}

function cancelledText(number: number, { repository }: CommandContext): string {
  return `**Withdrawn**: [#${number}](${repository.url}/pull/${number}) is closed, and nothing was changed.`;
}

/** The pull request that an earlier delivery of this very comment withdrew. */
async function cancelledBefore({ repository, request, botLogin }: CommandContext): Promise<number | null> {
  const [{ data }, own] = await Promise.all([
    repository.octokit.rest.issues.listCommentsForRepo({
      ...at(repository),
      since: printInstant(request.comment.at),
      per_page: 100,
    }),
    botLogin(),
  ]);
  const key = `cancel-${request.comment.id}`;
  const said = data.find(({ user, body }) => user?.login === own && hasMarker(body, { kind: "approval-end", key }));
  return said === undefined ? null : Number(said.issue_url.split("/").at(-1));
}

async function closeAgain(number: number, context: CommandContext): Promise<void> {
  const waiting = await withdrawable(context);
  const open = waiting.find((each) => each.number === number);
  if (open !== undefined) await closePull(context.repository, open);
}
