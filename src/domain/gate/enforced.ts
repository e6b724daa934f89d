import type { Control } from "../control/control.ts";
import type { Hold } from "../holds/hold.ts";

/**
 * What stops switched off on GitHub, noted before it is switched off: exactly this is switched on again when nothing asks for
 * it any more, whoever lifted the stop and however.
 */
export interface Enforced {
  readonly autoMerge: readonly SuspendedMerge[];
  readonly workflows: readonly DisabledWorkflow[];
}

/** The auto-merge of a pull request, as somebody had asked for it. */
export interface SuspendedMerge {
  readonly pull: number;
  readonly method: MergeMethod;
  /** Of the commit that it will make; null: GitHub's own words. */
  readonly headline: string | null;
  readonly body: string | null;
}

export const MERGE_METHODS = ["MERGE", "SQUASH", "REBASE"] as const;
export type MergeMethod = (typeof MERGE_METHODS)[number];

/** A workflow that was active until these holds asked for its end. */
interface DisabledWorkflow {
  /** File name, `batch-generate.yml`. */
  readonly file: string;
  readonly holds: readonly string[];
}

export const NOTHING_ENFORCED: Enforced = { autoMerge: [], workflows: [] };

// The control file must stay readable: what is longer than upstream ever wrote is not kept.
const LONGEST_MESSAGE = 2000;

/** Whether what somebody asked for can be noted, and so given back. */
export function isNotable({ headline, body }: SuspendedMerge): boolean {
  return (headline ?? "").length + (body ?? "").length <= LONGEST_MESSAGE;
}

/** Notes what is about to be switched off. What is noted already stays as it was first found. */
export function note(
  control: Control,
  merges: readonly SuspendedMerge[],
  files: readonly string[],
  by: readonly Hold[],
): Control {
  const { autoMerge, workflows } = control.enforced;
  const known = new Set(autoMerge.map(({ pull }) => pull));
  const holds = by.map(({ id }) => id);
  const kept = workflows.map((workflow) => ({ ...workflow, holds: [...new Set([...workflow.holds, ...holds])] }));
  const news = files.filter((file) => !workflows.some((workflow) => workflow.file === file));
  return {
    ...control,
    enforced: {
      autoMerge: [...autoMerge, ...merges.filter(({ pull }) => !known.has(pull))],
      workflows: [...(holds.length === 0 ? workflows : kept), ...news.map((file) => ({ file, holds }))],
    },
  };
}

/** What was given back, or does not exist any more. */
export interface GivenBack {
  readonly pulls: readonly number[];
  readonly files: readonly string[];
}

export function forget(control: Control, { pulls, files }: GivenBack): Control {
  const { autoMerge, workflows } = control.enforced;
  return {
    ...control,
    enforced: {
      autoMerge: autoMerge.filter(({ pull }) => !pulls.includes(pull)),
      workflows: workflows.filter(({ file }) => !files.includes(file)),
    },
  };
}

/** The workflows that none of the holds that stand asks to be disabled. */
export function workflowsToEnable({ enforced, holds }: Pick<Control, "enforced" | "holds">): readonly string[] {
  const standing = new Set(holds.map(({ id }) => id));
  return enforced.workflows
    .filter((workflow) => !workflow.holds.some((id) => standing.has(id)))
    .map(({ file }) => file);
}
