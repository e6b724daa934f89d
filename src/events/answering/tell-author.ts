import { commentOnCommit } from "../../github/commit-comment.ts";
import { messageOf } from "../../github/failure.ts";
import type { Repository } from "../../github/repository.ts";
import type { Settlement } from "../../github/settle.ts";
import { settlementText } from "./settlement-text.ts";

/** What is needed to tell somebody something. */
interface Voice {
  readonly botLogin: () => Promise<string>;
  readonly log: { warn(details: object, message: string): void };
}

/**
 * Whoever changed the control file by hand learns below their commit what becomes of it. Told before it is written: if the
 * process dies in between, the next one finds it told and the change still to be made. A courtesy: when it fails, the stop
 * is adopted all the same.
 */
export async function tellAuthors(
  repository: Repository,
  settlements: readonly Settlement[],
  { botLogin, log }: Voice,
): Promise<void> {
  for (const [sha, ofCommit] of Map.groupBy(settlements, ({ commit }) => commit?.sha)) {
    if (sha === undefined) continue;
    const text = settlementText(ofCommit);
    await commentOnCommit(repository, sha, { kind: "settlement", key: sha }, text, botLogin).catch((error) =>
      log.warn({ repository: repository.fullName, reason: messageOf(error) }, "author not told"),
    );
  }
}
