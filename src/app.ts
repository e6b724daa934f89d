import type { ApplicationFunction } from "probot";
import { onIssueComment } from "./events/issue-comment.ts";
import { issueCommentPayload, pushPayload, readPayload, workflowRunPayload } from "./events/payload.ts";
import { onPush } from "./events/push.ts";
import type { Services } from "./events/services.ts";
import { onWorkflowRun } from "./events/workflow-run.ts";

/** The Probot application: every event that is handled, in one table. What is not listed here is not handled. */
export function batchkeeper(services: Services): ApplicationFunction {
  return (probot) => {
    probot.on(["issue_comment.created", "issue_comment.edited"], ({ id, name, payload, octokit }) =>
      onIssueComment(
        { id, action: payload.action },
        readPayload(issueCommentPayload, name, payload),
        octokit,
        services,
      ),
    );
    probot.on("push", ({ id, name, payload, octokit }) =>
      onPush(id, readPayload(pushPayload, name, payload), octokit, services),
    );
    probot.on("workflow_run.completed", ({ id, name, payload, octokit }) =>
      onWorkflowRun(id, readPayload(workflowRunPayload, name, payload), octokit, services),
    );
  };
}
