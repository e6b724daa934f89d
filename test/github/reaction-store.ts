import type { Json } from "./json.ts";
import { timestamp } from "./site.ts";

/** The contents of reactions, in GitHub's order. */
export const REACTIONS = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"] as const;
type ReactionContent = (typeof REACTIONS)[number];

export interface Reaction {
  readonly id: number;
  readonly content: ReactionContent;
  readonly userId: number;
  readonly createdAt: string;
}

/** What a reaction is on: `issue <id>` or `comment <id>`. */
export type Subject = `issue ${number}` | `comment ${number}`;

/** Reactions: emulate has none, so they live beside its store. */
export class ReactionStore {
  readonly #bySubject = new Map<Subject, Reaction[]>();
  #lastId = 0;

  of(subject: Subject): readonly Reaction[] {
    return this.#bySubject.get(subject) ?? [];
  }

  add(subject: Subject, content: ReactionContent, userId: number): Reaction {
    const reaction = { id: ++this.#lastId, content, userId, createdAt: timestamp() };
    this.#bySubject.set(subject, [...this.of(subject), reaction]);
    return reaction;
  }

  remove(subject: Subject, reaction: Reaction): void {
    this.#bySubject.set(
      subject,
      this.of(subject).filter((other) => other !== reaction),
    );
  }

  /** The counts that issues and comments carry. */
  summary(subject: Subject, url: string): Json {
    const reactions = this.of(subject);
    const count = (content: string) => reactions.filter((reaction) => reaction.content === content).length;
    return {
      url: `${url}/reactions`,
      total_count: reactions.length,
      ...Object.fromEntries(REACTIONS.map((content) => [content, count(content)])),
    };
  }
}
