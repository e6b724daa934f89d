import { editComment, findOwnComment, writeComment } from "../github/comment.ts";
import { messageOf } from "../github/failure.ts";
import type { Marker } from "../github/marker.ts";
import type { Repository } from "../github/repository.ts";
import type { IssueCommentPayload } from "./payload.ts";
import type { Services } from "./services.ts";

/**
 * The one reply to a comment. It may be begun before it is finished: as long as its marker says so the comment counts as
 * unanswered, so that whoever finds it after a crash goes on from there.
 */
export class Reply {
  readonly #payload: IssueCommentPayload;
  readonly #services: Services;
  #begun: number | null = null;

  constructor(payload: IssueCommentPayload, services: Services) {
    this.#payload = payload;
    this.#services = services;
  }

  /** Whether an earlier attempt finished the reply; where it was only begun, this one goes on with it. */
  async isFinished(repository: Repository): Promise<boolean> {
    const found = await this.#find(repository, [this.#marker("reply"), this.#marker("reply-begun")]);
    if (found?.marker.kind === "reply") return true;
    this.#begun = found?.id ?? null;
    return false;
  }

  /** Says what is known so far. A courtesy: the end of it will be said in any case. */
  async begin(repository: Repository, text: string): Promise<void> {
    const marker = this.#marker("reply-begun");
    try {
      if (this.#begun === null) this.#begun = await this.#write(repository, marker, text);
      else await editComment(repository, this.#begun, marker, text);
    } catch (error) {
      this.#services.log.warn({ repository: repository.fullName, reason: messageOf(error) }, "reply not begun");
    }
  }

  async finish(repository: Repository, text: string): Promise<void> {
    const marker = this.#marker("reply");
    if (this.#begun === null) await this.#write(repository, marker, text);
    else await editComment(repository, this.#begun, marker, text);
  }

  #write(repository: Repository, marker: Marker, text: string): Promise<number> {
    return writeComment(repository, this.#payload.issue.number, marker, text, this.#services.botLogin);
  }

  async #find(repository: Repository, markers: readonly Marker[]) {
    const own = { botLogin: await this.#services.botLogin(), since: this.#payload.comment.created_at };
    return findOwnComment(repository, this.#payload.issue.number, markers, own);
  }

  #marker(kind: "reply" | "reply-begun"): Marker {
    return { kind, key: String(this.#payload.comment.id) };
  }
}
