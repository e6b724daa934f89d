import type { PullRequest } from "./pull-request.ts";
import { at, type Repository } from "./repository.ts";

/** An open pull request that this app made, from a branch of the repository itself. */
export interface OwnPull extends PullRequest {
  readonly title: string;
  readonly body: string | null;
  readonly branch: string;
  readonly head: string;
}

const OWN_BRANCH = /^(?:batchkeeper\/|rollback-)/;

/** The open pull requests of this app: one call for every hundred that are open. */
export async function ownPulls(repository: Repository, botLogin: () => Promise<string>): Promise<readonly OwnPull[]> {
  const [pulls, own] = await Promise.all([
    repository.octokit.paginate(repository.octokit.rest.pulls.list, {
      ...at(repository),
      state: "open",
      per_page: 100,
    }),
    botLogin(),
  ]);
  return pulls.flatMap(({ node_id: id, number, html_url: url, title, body, user, head }): readonly OwnPull[] => {
    const isHere = head.repo?.full_name.toLowerCase() === repository.fullName.toLowerCase();
    if (user?.login !== own || !OWN_BRANCH.test(head.ref) || !isHere) return [];
    return [{ id, number, url, state: "open", title, body, branch: head.ref, head: head.sha }];
  });
}
