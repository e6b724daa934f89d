import { ownPulls } from "../github/own-pull.ts";
import type { PullRequest } from "../github/pull-request.ts";
import type { Repository } from "../github/repository.ts";
import type { Seal } from "../github/seal.ts";
import { readRequest, type WaitingRequest } from "./request-marker.ts";

/** A pull request of a command that is not merged yet. */
export interface WaitingPull extends PullRequest {
  readonly branch: string;
  readonly head: string;
  readonly request: WaitingRequest;
}

/** Pull requests of commands that wait for checks or a person, oldest first. One call. */
export async function waitingRequests(
  repository: Repository,
  { seal, botLogin }: { readonly seal: Seal; readonly botLogin: () => Promise<string> },
): Promise<readonly WaitingPull[]> {
  const { fullName } = repository;
  const pulls = await ownPulls(repository, botLogin);
  return pulls
    .flatMap(({ body, ...pull }): readonly WaitingPull[] => {
      const request = readRequest(body, { fullName, branch: pull.branch }, seal);
      return request === null ? [] : [{ ...pull, request }];
    })
    .toSorted((a, b) => a.number - b.number);
}
