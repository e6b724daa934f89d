import { ownPulls } from "../github/own-pull.ts";
import type { PullRequest } from "../github/pull-request.ts";
import type { Repository } from "../github/repository.ts";
import type { Seal } from "../github/seal.ts";
import { tellOnce } from "../github/tell-thread.ts";
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

/**
 * Tells, once, on a pull request and where it was asked for, what became of it.
 *
 * @param known threads that have it already, in other words
 */
export async function tellEnd(
  repository: Repository,
  { number, request }: Pick<WaitingPull, "number" | "request">,
  text: string,
  own: { readonly botLogin: () => Promise<string> },
  known: readonly number[] = [],
): Promise<void> {
  for (const issue of new Set([number, request.issue.number]).difference(new Set(known)))
    await tellOnce(repository, issue, { kind: "request-end", key: String(number) }, text, own);
}
