import type { Instant } from "../../domain/instant.ts";
import type { LaneHandler } from "../../inbox/inbox.ts";
import { type ControlEvent, keepControl } from "../control/keep-control.ts";
import { onDashboardEdited } from "../dashboard/answer-tick.ts";
import { followWithDashboard } from "../dashboard/request.ts";
import { onIssueComment } from "../issue-comment.ts";
import type { Occurrence } from "../occurrence.ts";
import type { Services } from "../services.ts";
import { fairOrder } from "./fair-order.ts";
import { deliveriesOf, type Item, isOf } from "./item.ts";
import { canWait, handleLate } from "./late.ts";
import { failureIn, Ledger } from "./ledger.ts";
import { afterDecision, nextDecision, type Rhythm } from "./rhythm.ts";

/** What a person did and waits for an answer to. */
type AskedItem = Item<Extract<Occurrence, { kind: "comment" | "dashboard-edited" }>>;

// What is done between two looks for a command that has come meanwhile: enough for one commit to serve many runs.
const MOST_IN_ONE_DECISION = 50;

/**
 * Handles what waits for a repository: first the commands, in the order in which they were written, a few of each person;
 * then everything that concerns the control file, in one decision and one commit, now or after a short while (`Rhythm`);
 * then what can wait: a rollback that ended, a look for what was missed. Whatever fails is judged for itself (`verdictOn`),
 * so that one bad event does not hold up the others.
 */
export function laneHandler(services: Services): LaneHandler {
  const rhythms = new Map<string, Rhythm>();
  return async (lane, waiting) => {
    const ledger = new Ledger(lane, services);
    const items = waiting.flatMap((delivery) => ledger.read(delivery) ?? []);
    await handleAsked(askedOf(items), ledger, services);
    if (ledger.isPaused()) return ledger.handled();
    const concerns = items.filter(concernsControl);
    const decidesAt = nextDecision(rhythms.get(lane));
    if (decidesAt > services.now()) ledger.later(concerns, decidesAt);
    else if (concerns.length > 0 && !ledger.isPaused()) {
      await decideTogether(concerns.slice(0, MOST_IN_ONE_DECISION), ledger, services);
      rhythms.set(lane, afterDecision(rhythms.get(lane), services.now(), services.tempo));
    }
    // By now the settings are known: it costs no call.
    const occurrences = items.map(({ occurrence }) => occurrence);
    await followWithDashboard(occurrences, services);
    for (const item of items.filter(canWait)) {
      if (ledger.isPaused()) return ledger.handled();
      await ledger.attempt([item], () => handleLate(item, services));
    }
    return ledger.handled();
  };
}

/** One after the other, until GitHub asks for a rest. Whoever has used up what may be written waits, and nobody else does. */
async function handleAsked(items: readonly AskedItem[], ledger: Ledger, services: Services): Promise<void> {
  const spentUntil = new Map<number, Instant>();
  for (const item of items) {
    if (ledger.isPaused()) return;
    const author = item.occurrence.payload.sender.id;
    const until = spentUntil.get(author);
    if (until !== undefined) ledger.later([item], until);
    else {
      const failure = await ledger.attempt([item], () => answer(item, services));
      if (failure?.kind === "spent") spentUntil.set(author, failure.until);
    }
  }
}

function answer({ delivery: { id, acceptedAt }, occurrence }: AskedItem, services: Services): Promise<void> {
  return occurrence.kind === "comment"
    ? onIssueComment({ id, action: occurrence.action, acceptedAt }, occurrence.payload, services)
    : onDashboardEdited({ id, acceptedAt }, occurrence.payload, services);
}

/** One decision over all; when it fails for no reason of GitHub's, each is decided alone, and only the bad one fails. */
async function decideTogether(items: readonly Item<ControlEvent>[], ledger: Ledger, services: Services): Promise<void> {
  const decide = (chosen: readonly Item<ControlEvent>[]) =>
    keepControl(
      chosen.map(({ delivery, occurrence }) => ({ ...occurrence, id: delivery.id })),
      services,
    );
  if (items.length > 1) {
    const failure = await services.tracing.attempt(deliveriesOf(items), () =>
      decide(items).then(
        () => null,
        (error: unknown) => ({ ...failureIn(error, services.now()), error }),
      ),
    );
    if (failure === null) return ledger.done(items);
    const isShared = failure.kind !== "malformed" && failure.kind !== "broken";
    if (isShared) return void (await ledger.failed(items, failure.error));
  }
  for (const item of items) await ledger.attempt([item], () => decide([item]));
}

function askedOf(items: readonly Item[]): readonly AskedItem[] {
  const asked = items.filter((item) => isOf(item, "comment") || isOf(item, "dashboard-edited"));
  return fairOrder(asked, ({ occurrence }) => ({
    author: occurrence.payload.sender.id,
    at: occurrence.kind === "comment" ? occurrence.payload.comment.created_at : occurrence.payload.issue.updated_at,
  }));
}

function concernsControl(item: Item): item is Item<ControlEvent> {
  return isOf(item, "run") || isOf(item, "run-started") || isOf(item, "push") || isOf(item, "deadline");
}
