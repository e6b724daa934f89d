import type { Kind } from "./happening.ts";
import { batch, rollback } from "./kinds/batch.ts";
import { brokenFile } from "./kinds/broken-file.ts";
import { command, conversation, edit } from "./kinds/comment.ts";
import { configuration } from "./kinds/configuration.ts";
import { dashboardEdit, tick } from "./kinds/dashboard.ts";
import { acceptance, drift, verification } from "./kinds/drift.ts";
import { handEdit } from "./kinds/hand-edit.ts";
import { incident } from "./kinds/incident.ts";
import { approval, operation } from "./kinds/operation.ts";
import { pipelineScript } from "./kinds/pipeline-script.ts";
import { rerun, run } from "./kinds/run.ts";

/** Everything that may happen in a story. A feature that reacts to something new adds its kind here. */
export const KINDS: readonly Kind[] = [
  run,
  rerun,
  command,
  conversation,
  edit,
  handEdit,
  pipelineScript,
  configuration,
  brokenFile,
  batch,
  rollback,
  operation,
  approval,
  incident,
  tick,
  dashboardEdit,
  drift,
  verification,
  acceptance,
];
