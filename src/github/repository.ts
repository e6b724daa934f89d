import { isMissing } from "./failure.ts";
import type { Octokit } from "./octokit.ts";
import type { Urgency } from "./pacing.ts";

/** One repository as one installation may see it, and how urgent the work on it is. */
export interface Repository {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly name: string;
  /** `owner/name`, as GitHub spells it. */
  readonly fullName: string;
  readonly url: string;
  readonly defaultBranch: string;
  readonly urgency: Urgency;
}

/** What every payload tells of its repository. */
export interface RepositoryPayload {
  readonly name: string;
  readonly full_name: string;
  readonly html_url: string;
  readonly default_branch: string;
  readonly owner: { readonly login: string };
}

/** The repository of a payload, seen with the installation's own client. */
export function repositoryOf(payload: RepositoryPayload, octokit: Octokit, urgency: Urgency): Repository {
  return {
    octokit,
    owner: payload.owner.login,
    name: payload.name,
    fullName: payload.full_name,
    url: payload.html_url,
    defaultBranch: payload.default_branch,
    urgency,
  };
}

/** The parameters that every REST call on a repository shares. */
export function at({ owner, name, urgency }: Repository): {
  owner: string;
  repo: string;
  request: { urgency: Urgency };
} {
  return { owner, repo: name, request: { urgency } };
}

/** Why nothing can be done in a repository any more: it is deleted, not shown to us, or archived. Null when it is there. */
export async function whyGone(fullName: string, octokit: Octokit): Promise<string | null> {
  const [owner = "", repo = ""] = fullName.split("/");
  try {
    const { data } = await octokit.rest.repos.get({ owner, repo });
    return data.archived ? "the repository is archived" : null;
  } catch (error) {
    if (isMissing(error)) return "the repository is deleted, or the app is not installed there any more";
    throw error;
  }
}
