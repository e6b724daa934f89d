import { type GivenBack, type SuspendedMerge, workflowsToEnable } from "../domain/gate/enforced.ts";
import type { Linked, Undone } from "../domain/gate/receipt.ts";
import { numberLink } from "../domain/number-link.ts";
import { enableAutoMerge } from "./auto-merge.ts";
import { count, each, linked } from "./each.ts";
import type { Order } from "./enforcement-order.ts";
import type { JudgedPull } from "./judge-pulls.ts";
import type { OpenPull } from "./open-pull.ts";
import type { Repository } from "./repository.ts";
import { enableWorkflow } from "./workflow-switch.ts";

/** What was given back of what stops had switched off. */
export interface Back {
  readonly merges: readonly Linked[];
  readonly enabled: readonly string[];
  /** What need not be remembered any more: given back, refused for good, or gone. */
  readonly given: GivenBack;
  readonly undone: readonly Undone[];
}

/**
 * Switches on again what was noted and is held no more.
 *
 * @param judged the pull requests that are open; null when that is not known, so that none counts as gone
 */
export async function giveBack(
  repository: Repository,
  { control, only }: Pick<Order, "control" | "only">,
  judged: readonly JudgedPull[] | null,
  covered: readonly JudgedPull[],
): Promise<Back> {
  const noted = judged === null ? [] : control.enforced.autoMerge.filter(({ pull }) => only?.includes(pull) ?? true);
  const open = new Map((judged ?? []).map((one) => [one.pull.number, one]));
  const gone = noted.filter(({ pull }) => !open.has(pull));
  const free = noted.flatMap((merge) => {
    const one = open.get(merge.pull);
    return one === undefined || covered.includes(one) ? [] : [{ merge, pull: one.pull }];
  });
  const refused: Suspended[] = [];
  const merges = await each(
    free,
    async (suspended) => {
      const answer = await enableAutoMerge(repository, suspended.pull, suspended.merge);
      if (answer.kind !== "on") refused.push(suspended);
    },
    (number) => `auto-merge of ${count(number, "pull request")} could not be switched on again`,
  );
  const files = await each(
    only === null ? workflowsToEnable(control) : [],
    (file) => enableWorkflow(repository, file),
    (number) => `${count(number, "workflow")} could not be enabled again`,
  );
  return {
    merges: merges.done.filter((one) => !refused.includes(one)).map(({ pull }) => linked(pull)),
    enabled: files.done,
    given: {
      pulls: [...gone.map(({ pull }) => pull), ...merges.done.map(({ merge }) => merge.pull)],
      files: files.done,
    },
    undone: [...merges.undone, ...files.undone, ...refused.map(refusedText)],
  };
}

interface Suspended {
  readonly merge: SuspendedMerge;
  readonly pull: OpenPull;
}

function refusedText({ pull }: Suspended): Undone {
  return {
    what: `auto-merge of ${numberLink(pull)} was not switched on again`,
    why: { kind: "refused", reason: "GitHub sees nothing that it would wait for, so a person has to merge it" },
  };
}
