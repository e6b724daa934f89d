import type { Instant } from "../domain/instant.ts";
import { type Failure, failureOf, messageOf, statusOf } from "../github/failure.ts";
import { whyGone } from "../github/repository.ts";
import type { Handled, LaneHandler, Waiting } from "../inbox/inbox.ts";
import { onApprovalsDue } from "./approvals-due.ts";
import { verdictOn } from "./failure-policy.ts";
import { fairOrder } from "./fair-order.ts";
import { onHoldsDue } from "./holds-due.ts";
import { onIncidentDue } from "./incident-due.ts";
import { onIssue } from "./issue.ts";
import { onIssueComment } from "./issue-comment.ts";
import { type ControlEvent, keepControl } from "./keep-control.ts";
import { type Occurrence, readOccurrence } from "./occurrence.ts";
import { MalformedPayload } from "./payload.ts";
import { onPullRequestChanged, onPullRequestClosed } from "./pull-request.ts";
import { onPullRequestReview } from "./pull-request-review.ts";
import { reconcile } from "./reconcile/reconcile.ts";
import { sweep } from "./reconcile/sweep.ts";
import { afterDecision, nextDecision, type Rhythm } from "./rhythm.ts";
import type { Services } from "./services.ts";
import { acceptDrift } from "./supply-chain/accept-drift.ts";
import { approveDrift } from "./supply-chain/approve-drift.ts";
import { lookIntoPush } from "./supply-chain/look-into-push.ts";
import { recheck } from "./supply-chain/recheck.ts";
import { verifyRecipe } from "./supply-chain/verify-recipe.ts";
import { watchForOverdue } from "./watch/overdue.ts";
import { watchForStandstill } from "./watch/stale.ts";
import { lookAtRun } from "./watch/stopped-run.ts";

/** A delivery with what it says. */
interface Item<O extends Occurrence = Occurrence> {
  readonly delivery: Waiting;
  readonly occurrence: O;
}

type CommentItem = Item<Extract<Occurrence, { kind: "comment" }>>;

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
    await handleComments(commentsOf(items), ledger, services);
    if (ledger.isPaused()) return ledger.handled();
    const concerns = items.filter(concernsControl);
    const decidesAt = nextDecision(rhythms.get(lane));
    if (decidesAt > services.now()) ledger.later(concerns, decidesAt);
    else if (concerns.length > 0 && !ledger.isPaused()) {
      await decideTogether(concerns.slice(0, MOST_IN_ONE_DECISION), ledger, services);
      rhythms.set(lane, afterDecision(rhythms.get(lane), services.now(), services.tempo));
    }
    for (const item of items.filter(canWait)) {
      if (ledger.isPaused()) return ledger.handled();
      await ledger.attempt([item], () => handleLate(item, services));
    }
    return ledger.handled();
  };
}

/** One after the other, until GitHub asks for a rest. Whoever has used up what may be written waits, and nobody else does. */
async function handleComments(items: readonly CommentItem[], ledger: Ledger, services: Services): Promise<void> {
  const spentUntil = new Map<number, Instant>();
  for (const item of items) {
    if (ledger.isPaused()) return;
    const { action, payload } = item.occurrence;
    const { id, acceptedAt } = item.delivery;
    const author = payload.sender.id;
    const until = spentUntil.get(author);
    if (until !== undefined) ledger.later([item], until);
    else {
      const failure = await ledger.attempt([item], () => onIssueComment({ id, action, acceptedAt }, payload, services));
      if (failure?.kind === "spent") spentUntil.set(author, failure.until);
    }
  }
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
        (error: unknown) => ({ kind: kindOf(error, services.now()), error }),
      ),
    );
    if (failure === null) return ledger.done(items);
    const isShared = failure.kind !== "malformed" && failure.kind !== "broken";
    if (isShared) return void (await ledger.failed(items, failure.error));
  }
  for (const item of items) await ledger.attempt([item], () => decide([item]));
}

/** What becomes of the deliveries that were handed out: written down as it is found, for the inbox to store. */
class Ledger {
  readonly #lane: string;
  readonly #services: Services;
  readonly #done: string[] = [];
  readonly #retry: { id: string; at: Instant; reason: string }[] = [];
  readonly #later: { id: string; at: Instant }[] = [];
  readonly #dead: { id: string; reason: string }[] = [];
  #pauseUntil: Instant | null = null;

  constructor(lane: string, services: Services) {
    this.#lane = lane;
    this.#services = services;
  }

  /** What a delivery says; null when it is malformed, which is written down. */
  read(delivery: Waiting): Item | null {
    try {
      return { delivery, occurrence: readOccurrence(delivery) };
    } catch (error) {
      this.#judge(delivery, error, { kind: "malformed" });
      return null;
    }
  }

  /** Returns what failed, null when it is done. */
  attempt(items: readonly Item[], work: () => Promise<void>): Promise<Failure | null> {
    return this.#services.tracing.attempt(deliveriesOf(items), async () => {
      try {
        await work();
        this.done(items);
        return null;
      } catch (error) {
        return this.failed(items, error);
      }
    });
  }

  done(items: readonly Item[]): void {
    this.#done.push(...items.map(({ delivery }) => delivery.id));
  }

  later(items: readonly Item[], at: Instant): void {
    this.#later.push(...items.map(({ delivery }) => ({ id: delivery.id, at })));
  }

  async failed(items: readonly Item[], error: unknown): Promise<Failure> {
    const failure =
      error instanceof MalformedPayload ? ({ kind: "malformed" } as const) : await this.#diagnose(items, error);
    for (const { delivery } of items) this.#judge(delivery, error, failure);
    return failure;
  }

  /** Whether GitHub asked for a rest, so that nothing more is to be tried. */
  isPaused(): boolean {
    return this.#pauseUntil !== null;
  }

  handled(): Handled {
    return {
      done: this.#done,
      retry: this.#retry,
      later: this.#later,
      dead: this.#dead,
      pauseUntil: this.#pauseUntil,
    };
  }

  /** A refusal may mean that the repository is gone, which only GitHub can tell. */
  async #diagnose(items: readonly Item[], error: unknown): Promise<Failure> {
    const failure = failureOf(error, this.#services.now());
    const payload = items[0]?.occurrence.payload;
    const isRefusal = [403, 404, 410].includes(statusOf(error) ?? 0);
    if (failure.kind !== "broken" || !isRefusal || payload === undefined || !("repository" in payload)) return failure;
    const octokit = await this.#services.octokitOf(payload.installation.id);
    const why = await whyGone(payload.repository.full_name, octokit).catch(() => null);
    return why === null ? failure : { kind: "gone", why };
  }

  #judge(delivery: Waiting, error: unknown, failure: Failure): void {
    const { now, random, backoff, log } = this.#services;
    const { id, event } = delivery;
    const verdict = verdictOn(delivery, failure, { now: now(), random: random(), backoff });
    const details = { lane: this.#lane, event, delivery: id, attempts: delivery.attempts + 1 };
    const reason = messageOf(error);
    switch (verdict.kind) {
      case "retry":
        log.warn({ ...details, reason, at: new Date(verdict.at).toISOString() }, "event failed and is tried again");
        this.#retry.push({ id, at: verdict.at, reason });
        return;
      case "pause":
        log.warn({ ...details, until: new Date(verdict.until).toISOString() }, "GitHub asks for a rest");
        // What nobody waits for is put off alone: a person's command may still have room.
        if (delivery.urgent) this.#pauseUntil = Math.max(this.#pauseUntil ?? 0, verdict.until);
        else this.#later.push({ id, at: verdict.until });
        return;
      case "put-off":
        log.warn({ ...details, until: new Date(verdict.until).toISOString() }, "event waits for room to write");
        this.#later.push({ id, at: verdict.until });
        return;
      case "drop":
        log.warn({ ...details, reason }, "event dropped: what it is about is gone");
        this.#done.push(id);
        return;
      case "bury":
        log.error({ ...details, err: error }, "event given up: it is a dead letter");
        this.#dead.push({ id, reason });
        return;
    }
  }
}

function deliveriesOf(items: readonly Item[]): readonly Waiting[] {
  return items.map(({ delivery }) => delivery);
}

function kindOf(error: unknown, now: Instant): Failure["kind"] {
  return error instanceof MalformedPayload ? "malformed" : failureOf(error, now).kind;
}

function commentsOf(items: readonly Item[]): readonly CommentItem[] {
  const comments = items.filter((item) => isOf(item, "comment"));
  return fairOrder(comments, ({ occurrence: { payload } }) => ({
    author: payload.sender.id,
    at: payload.comment.created_at,
  }));
}

function concernsControl(item: Item): item is Item<ControlEvent> {
  return isOf(item, "run") || isOf(item, "run-started") || isOf(item, "push") || isOf(item, "deadline");
}

/** What is looked at once nothing else is to be done. */
const LATE = [
  "pull-changed",
  "issue",
  "incident-due",
  "pull-closed",
  "review",
  "run-look",
  "stale",
  "overdue",
  "approvals-due",
  "holds-due",
  "push-look",
  "verify",
  "accept-drift",
  "approve-drift",
  "recheck",
  "reconcile",
  "sweep",
] as const satisfies readonly Occurrence["kind"][];
type Late = Extract<Occurrence, { kind: (typeof LATE)[number] }>;

function canWait(item: Item): item is Item<Late> {
  const kinds: readonly Occurrence["kind"][] = LATE;
  return kinds.includes(item.occurrence.kind);
}

function handleLate({ delivery, occurrence }: Item<Late>, services: Services): Promise<void> {
  switch (occurrence.kind) {
    case "pull-changed":
      return onPullRequestChanged(delivery, occurrence.payload, services);
    case "issue":
      return onIssue(occurrence.action, occurrence.payload, services);
    case "incident-due":
      return onIncidentDue(occurrence.payload, services);
    case "pull-closed":
      return onPullRequestClosed(occurrence.payload, services);
    case "stale":
      return watchForStandstill(occurrence.payload, services);
    case "overdue":
      return watchForOverdue(occurrence.payload, services);
    case "review":
      return onPullRequestReview(delivery.id, occurrence.payload, services);
    case "approvals-due":
      return onApprovalsDue(occurrence.payload, services);
    case "holds-due":
      return onHoldsDue(delivery.id, occurrence.payload, services);
    case "run-look":
      return lookAtRun(occurrence.payload, services);
    case "push-look":
      return lookIntoPush(occurrence.payload, services);
    case "verify":
      return verifyRecipe(occurrence.payload, services);
    case "accept-drift":
      return acceptDrift(occurrence.payload, services);
    case "approve-drift":
      return approveDrift(occurrence.payload, services);
    case "recheck":
      return recheck(occurrence.payload, services);
    case "reconcile":
      return reconcile(occurrence.payload, services);
    case "sweep":
      return sweep(occurrence.payload, services);
  }
}

function isOf<Kind extends Occurrence["kind"]>(
  item: Item,
  kind: Kind,
): item is Item<Extract<Occurrence, { kind: Kind }>> {
  return item.occurrence.kind === kind;
}
