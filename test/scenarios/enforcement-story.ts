import { REPOSITORY, WORKFLOW, type World } from "./world.ts";

/** A branch on which a batch can merge by itself once its checks are green, which "build" never is. */
export const REQUIRED = { requiredChecks: ["Batch gate", "build"], bypassApp: true };
/** How a batch asks for auto-merge. */
export const AUTO = { headline: "chore(recipes): batch", body: "batch_id: 2026-06-26" };

export const state = (world: World) => world.github.workflowState(REPOSITORY, WORKFLOW);

/** The latest answer. */
export const receipt = (world: World) => world.replies().at(-1) ?? "";
