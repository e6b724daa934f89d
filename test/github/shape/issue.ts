import type { CommentRow, IssueRow } from "../database.ts";
import type { Json } from "../json.ts";
import type { Site } from "../site.ts";
import { userJsonById, viaApp } from "./account.ts";
import { apiUrl, htmlUrl } from "./repository.ts";

/** An issue, or a pull request seen as one: OpenAPI `issue`. */
export function issueJson(site: Site, issue: IssueRow): Json {
  const repository = site.db.repos.get(issue.repo_id);
  if (!repository) throw new Error(`Issue ${issue.number} belongs to no repository.`);
  const url = `${apiUrl(site, repository)}/issues/${issue.number}`;
  const html = `${htmlUrl(site, repository)}/${issue.is_pull_request ? "pull" : "issues"}/${issue.number}`;
  const pullUrl = `${apiUrl(site, repository)}/pulls/${issue.number}`;
  return {
    url,
    repository_url: apiUrl(site, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: html,
    id: issue.id,
    node_id: issue.node_id,
    number: issue.number,
    title: issue.title,
    user: userJsonById(site, issue.user_id),
    labels: labelsJson(site, issue.label_ids),
    state: issue.state,
    state_reason: issue.state_reason,
    locked: issue.locked,
    active_lock_reason: issue.active_lock_reason,
    assignee: userJsonById(site, issue.assignee_ids[0] ?? null),
    assignees: issue.assignee_ids.map((id) => userJsonById(site, id)),
    milestone: null,
    comments: issue.comments,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    closed_at: issue.closed_at,
    closed_by: userJsonById(site, issue.closed_by_id),
    body: issue.body,
    author_association: "NONE",
    reactions: site.reactions.summary(`issue ${issue.id}`, url),
    performed_via_github_app: viaApp(site, issue.user_id),
    ...(issue.is_pull_request
      ? {
          draft: false,
          pull_request: { url: pullUrl, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch` },
        }
      : {}),
  };
}

/** A comment on an issue or a pull request: OpenAPI `issue-comment`. */
export function commentJson(site: Site, comment: CommentRow): Json {
  const repository = site.db.repos.get(comment.repo_id);
  if (!repository) throw new Error(`Comment ${comment.id} belongs to no repository.`);
  const url = `${apiUrl(site, repository)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${htmlUrl(site, repository)}/issues/${comment.issue_number}#issuecomment-${comment.id}`,
    issue_url: `${apiUrl(site, repository)}/issues/${comment.issue_number}`,
    id: comment.id,
    node_id: comment.node_id,
    user: userJsonById(site, comment.user_id),
    created_at: comment.created_at,
    updated_at: comment.updated_at,
    body: comment.body,
    // Not computed: GitHub itself gives misleading ones here, so nothing may rely on it.
    author_association: "NONE",
    reactions: site.reactions.summary(`comment ${comment.id}`, url),
    performed_via_github_app: viaApp(site, comment.user_id),
  };
}

export function labelsJson(site: Site, ids: readonly number[]): Json[] {
  return ids.flatMap((id) => {
    const label = site.db.labels.get(id);
    const repository = label && site.db.repos.get(label.repo_id);
    if (!label || !repository) return [];
    const { name, color, description, node_id } = label;
    const url = `${apiUrl(site, repository)}/labels/${encodeURIComponent(name)}`;
    return [{ id, node_id, url, name, color, description, default: label.default }];
  });
}
