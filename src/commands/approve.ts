import { waitingApprovals } from "../github/waiting-approval.ts";
import { approvedBefore, approvedText, approveWaiting } from "./approval.ts";
import { waitingId } from "./arguments/waiting-id.ts";
import { choosableApproval, chooseWaiting, isNamedByDigest } from "./choose-waiting.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";

const FOR_APPROVAL = { one: "waits for a second operator", several: "wait for a second operator" };

/** `/batch approve`: the second operator's word for what another asked for. */
export const approve = command({
  verb: "approve",
  summary: "Approve what another operator asked for and two must agree on.",
  args: { id: waitingId() },
  needs: "write",
  whenLate: "repeat",
  leniency: "strict",
  examples: ["/batch approve 3f2a91bc", "/batch approve #12", "/batch approve"],
  async run({ id }, context: CommandContext): Promise<Answer> {
    const { repository, request, reading } = context;
    const waiting = await waitingApprovals(repository, context);
    const done = request.again ? await approvedBefore(repository, request.comment.url) : null;
    if (done !== null) {
      const control = reading.control.kind === "ready" ? reading.control.file.control : { holds: [] };
      return { outcome: "done", text: approvedText(repository, done, control) };
    }
    const chosen = chooseWaiting(id, waiting.map(choosableApproval), request.issue.number, FOR_APPROVAL);
    if ("outcome" in chosen) return chosen;
    const approval = {
      approver: request.operator,
      writtenAt: isNamedByDigest(id, chosen) ? null : request.comment.at,
      url: request.comment.url,
      event: request.event,
    };
    return approveWaiting(chosen, approval, context);
  },
});
