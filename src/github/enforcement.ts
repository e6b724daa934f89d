import type { Control } from "../domain/control/control.ts";
import { forget, type GivenBack, isNotable, note, type SuspendedMerge } from "../domain/gate/enforced.ts";
import { type Facts, NO_FACTS, type Undone } from "../domain/gate/receipt.ts";
import { holdsOn } from "../domain/gate/verdict.ts";
import { disableAutoMerge } from "./auto-merge.ts";
import { type Cancelled, cancelRuns } from "./cancel-runs.ts";
import type { Change } from "./change.ts";
import type { ControlStore } from "./control-store.ts";
import { count, each, linked } from "./each.ts";
import { EnforcementMemory } from "./enforcement-memory.ts";
import { everythingHolds, isHeldBy, isIdle, type Order, stopsAll } from "./enforcement-order.ts";
import { messageOf, missingPermission } from "./failure.ts";
import { giveBack } from "./give-back.ts";
import { type JudgedPull, judgePulls, pullQuestion } from "./judge-pulls.ts";
import { listOpenPulls, type OpenPull, readPulls } from "./open-pull.ts";
import type { Repository } from "./repository.ts";
import { setGates } from "./set-gates.ts";
import { type RunInFlight, runsInFlight } from "./workflow-run.ts";
import { activeWorkflows, disableWorkflow } from "./workflow-switch.ts";

/** What was done, and whether there is nothing left that trying again could do. */
interface Enforced {
  readonly facts: Facts;
  readonly isFinished: boolean;
}

const IDLE: Enforced = { facts: NO_FACTS, isFinished: true };

/**
 * Brings GitHub into line with what the control file says: gates, auto-merge, workflows; and runs, when a stop asks for it.
 * It works from the state and not from what just changed: whoever changed the file, and however often this is done, the end
 * is the same. What is to be switched off is noted before, in the file itself; what is noted and asked for no more is given
 * back.
 */
export class Enforcement {
  readonly #store: ControlStore;
  readonly memory = new EnforcementMemory();

  constructor(store: ControlStore) {
    this.#store = store;
  }

  /** Never throws: what could not be done is among the facts, each with its reason. */
  async enforce(repository: Repository, order: Order): Promise<Facts> {
    const { facts, isFinished } = isIdle(order) ? IDLE : await this.#enforce(repository, order);
    if (!isFinished) this.memory.expect(repository);
    else if (order.only === null) this.memory.finish(repository);
    if (order.only === null) this.memory.follow([order.event]);
    return facts;
  }

  async #enforce(repository: Repository, order: Order): Promise<Enforced> {
    const undone: Undone[] = [];
    const [pulls, runs, active] = await Promise.all([
      tolerated(judgeAll(repository, order), "the open pull requests could not be read", undone),
      tolerated(
        order.isNow ? runsInFlight(repository, order.settings.workflows) : [],
        "the runs could not be read",
        undone,
      ),
      tolerated(
        stopsAll(order) ? activeWorkflows(repository, order.settings.workflows) : [],
        "the workflows could not be read",
        undone,
      ),
    ]);
    const judged = pulls ?? [];
    const covered = judged.filter(
      ({ kind, touched }) => kind === "batch" && holdsOn(touched, order.control).length > 0,
    );
    // Auto-merge goes on before the gate passes: GitHub refuses it where nothing is left to wait for.
    const back = await giveBack(repository, order, pulls, covered);
    // What is switched off is noted while the gates are set: neither waits for the other.
    const [gates] = await Promise.all([
      setGates(repository, order, judged),
      this.#book(repository, order, { covered, files: active ?? [], back: back.given }, undone),
    ]);
    const off = await each(
      covered.filter(({ pull }) => pull.autoMerge !== null),
      ({ pull }) => disableAutoMerge(repository, pull),
      (number) => `auto-merge of ${count(number, "pull request")} could not be switched off`,
    );
    const cancelled = await cancelRuns(repository, runs ?? []);
    const disabled = await each(
      active ?? [],
      (file) => disableWorkflow(repository, file),
      (number) => `${count(number, "workflow")} could not be disabled`,
    );
    const late = await cancelLate(repository, order, runs ?? [], undone);
    undone.unshift(...[back, gates, off, cancelled, disabled, late].flatMap((part) => part.undone));
    const isNotedOff = ({ pull }: JudgedPull) => pull.autoMerge === null && isNoted(order.control, pull);
    return {
      facts: {
        held: links(judged.filter((one) => isHeldBy(one, order))),
        released: links(
          gates.done.filter(
            ({ pull, report }) => pull.gate?.conclusion === "failure" && report.conclusion === "success",
          ),
        ),
        autoMergeOff: links(covered.filter((one) => off.done.includes(one) || isNotedOff(one))),
        autoMergeOn: back.merges,
        cancelled: [...cancelled.cancelled, ...late.cancelled],
        ended: [...cancelled.ended, ...late.ended],
        disabled: [...disabledBefore(order, active ?? []), ...disabled.done],
        enabled: back.enabled,
        undone,
      },
      isFinished: gates.isAll && undone.every(({ why }) => why.kind === "refused"),
    };
  }

  /** Notes what is about to be switched off, and forgets what was given back: one commit, none where that changes nothing. */
  async #book(repository: Repository, order: Order, entries: Entries, undone: Undone[]): Promise<void> {
    const merges = entries.covered.flatMap(({ pull }) => suspendedMerge(pull) ?? []);
    const by = stopsAll(order) ? everythingHolds(order) : [];
    const apply = (control: Control) => ({
      control: note(forget(control, entries.back), merges.filter(isNotable), entries.files, by),
      result: null,
    });
    if (merges.length + entries.files.length + by.length + entries.back.pulls.length + entries.back.files.length === 0)
      return;
    const intent = { cause: () => ({ events: [order.event] }), subject: () => SUBJECT, apply };
    const change = await tolerated(this.#store.change(repository, intent, proposalOf(order)), CANNOT_NOTE, undone);
    const tooLong = merges.filter((merge) => !isNotable(merge)).length;
    if (tooLong > 0)
      undone.push({
        what: `auto-merge of ${count(tooLong, "pull request")} will not be given back`,
        why: { kind: "refused", reason: "its commit message is too long to be noted" },
      });
    if (change !== null && !isWritten(change))
      undone.push({
        what: CANNOT_NOTE,
        why: {
          kind: "refused",
          reason: "the control file could not be written, so that it has to be given back by hand",
        },
      });
  }
}

/** What a commit notes and forgets. */
interface Entries {
  readonly covered: readonly JudgedPull[];
  readonly files: readonly string[];
  readonly back: GivenBack;
}

const SUBJECT = "note what stops switched off";
const CANNOT_NOTE = "what was switched off could not be noted";

function isWritten({ kind }: Change<null>): boolean {
  return kind === "committed" || kind === "unchanged" || kind === "landed-before";
}

function proposalOf({ event }: Order) {
  return {
    branch: `batchkeeper/note-${event.replaceAll(/[^a-z0-9-]/gi, "-")}`,
    title: "Note what stops switched off",
    body: "What a stop switched off on GitHub, so that it is given back when the stop is lifted.",
    mode: "merge",
  } as const;
}

/** The pull requests in question with their verdicts. */
async function judgeAll(repository: Repository, order: Order): Promise<readonly JudgedPull[]> {
  const question = pullQuestion(order.settings);
  const { only, openPulls } = order;
  if (only === null && openPulls === 0) return [];
  const pulls = only === null ? await listOpenPulls(repository, question) : await readPulls(repository, only, question);
  return judgePulls(
    repository,
    pulls.filter(({ state }) => state === "OPEN"),
    order,
  );
}

/** What started between the first look and the moment when nothing can start any more. */
async function cancelLate(
  repository: Repository,
  order: Order,
  before: readonly RunInFlight[],
  undone: Undone[],
): Promise<Cancelled> {
  if (!stopsAll(order)) return { cancelled: [], ended: [], undone: [] };
  const known = new Set(before.map(({ id }) => id));
  const runs = await tolerated(
    runsInFlight(repository, order.settings.workflows),
    "the runs could not be read again",
    undone,
  );
  return cancelRuns(
    repository,
    (runs ?? []).filter(({ id }) => !known.has(id)),
  );
}

/** Workflows of this stop's that an earlier attempt disabled. */
function disabledBefore(order: Order, active: readonly string[]): readonly string[] {
  if (!stopsAll(order)) return [];
  const ids = new Set(everythingHolds(order).map(({ id }) => id));
  const noted = order.control.enforced.workflows.filter(({ holds }) => holds.some((id) => ids.has(id)));
  return noted.map(({ file }) => file).filter((file) => !active.includes(file));
}

function suspendedMerge({ number, autoMerge }: OpenPull): SuspendedMerge | null {
  return autoMerge === null ? null : { pull: number, ...autoMerge };
}

function isNoted({ enforced }: Control, { number }: OpenPull): boolean {
  return enforced.autoMerge.some(({ pull }) => pull === number);
}

function links(judged: readonly JudgedPull[]) {
  return judged.map(({ pull }) => linked(pull));
}

/** Null, and a line among what was not done, when it fails: the rest goes on. */
async function tolerated<T>(work: T | Promise<T>, what: string, undone: Undone[]): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    const permission = missingPermission(error);
    undone.push({
      what,
      why: permission === null ? { kind: "failed", reason: messageOf(error) } : { kind: "permission", permission },
    });
    return null;
  }
}
