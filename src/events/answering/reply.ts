import { editComment, findOwnComment, writeComment } from "../../github/comment.ts";
import { messageOf } from "../../github/failure.ts";
import type { Marker } from "../../github/marker.ts";
import type { Repository } from "../../github/repository.ts";
import type { Services } from "../services.ts";

/** Where a reply stands, and what it is found again by. */
interface Thread {
  readonly issue: number;
  /** Names what is replied to. */
  readonly key: string;
  /** ISO 8601: no reply is older. */
  readonly since: string;
}

/**
 * The one reply to a comment, or to a tick. It may be begun before it is finished: as long as its marker says so the comment counts as
 * unanswered, so that whoever finds it after a crash goes on from there.
 */
export class Reply {
  readonly #thread: Thread;
  readonly #services: Services;
  #begun: number | null = null;

  constructor(thread: Thread, services: Services) {
    this.#thread = thread;
    this.#services = services;
  }

  /** Whether an earlier attempt began it; known once it was asked whether it is finished. */
  get isBegun(): boolean {
    return this.#begun !== null;
  }

  /**
   * Whether an earlier attempt finished the reply; where it was only begun, this one goes on with it.
   *
   * @param others keys of replies that stand for this one
   */
  async isFinished(repository: Repository, others: readonly string[] = []): Promise<boolean> {
    const finished = [this.#thread.key, ...others].map((key): Marker => ({ kind: "reply", key }));
    const found = await this.#find(repository, [...finished, this.#marker("reply-begun")]);
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

  /** Begins it where it is not begun, and tells its id: without one nothing can go on. */
  async open(repository: Repository, text: string): Promise<number> {
    this.#begun ??= await this.#write(repository, this.#marker("reply-begun"), text);
    return this.#begun;
  }

  async finish(repository: Repository, text: string): Promise<void> {
    const marker = this.#marker("reply");
    if (this.#begun === null) await this.#write(repository, marker, text);
    else await editComment(repository, this.#begun, marker, text);
  }

  #write(repository: Repository, marker: Marker, text: string): Promise<number> {
    return writeComment(repository, this.#thread.issue, marker, text, this.#services.botLogin);
  }

  async #find(repository: Repository, markers: readonly Marker[]) {
    const own = { botLogin: await this.#services.botLogin(), since: this.#thread.since };
    return findOwnComment(repository, this.#thread.issue, markers, own);
  }

  #marker(kind: "reply" | "reply-begun"): Marker {
    return { kind, key: this.#thread.key };
  }
}
