import PQueue from "p-queue";
import type { Linked, Undone } from "../domain/gate/receipt.ts";
import { messageOf, missingPermission } from "./failure.ts";

// GitHub allows 100 requests at a time in all (GitHub documentation, "Rate limits for the REST API").
const AT_ONCE = 8;

/** What became of each of several deeds: those that were done, and in one word or two why others were not. */
export interface Done<T> {
  readonly done: readonly T[];
  readonly undone: readonly Undone[];
}

/**
 * Does the same to several things, a few at once. What fails does not keep the others from being done; without the
 * permission for one, the rest is not even tried.
 *
 * @param cannot words what was not done to so many of them: `2 runs could not be cancelled`
 */
export async function each<T>(
  things: readonly T[],
  deed: (thing: T) => Promise<void>,
  cannot: (count: number) => string,
): Promise<Done<T>> {
  const queue = new PQueue({ concurrency: AT_ONCE });
  const done: T[] = [];
  const reasons: string[] = [];
  let permission: string | null = null;
  const attempt = async (thing: T): Promise<void> => {
    if (permission !== null) return;
    try {
      await deed(thing);
      done.push(thing);
    } catch (error) {
      permission = missingPermission(error);
      if (permission === null) reasons.push(messageOf(error));
    }
  };
  await queue.addAll(things.map((thing) => () => attempt(thing)));
  const [reason] = reasons;
  const left = things.length - done.length - reasons.length;
  return {
    // In the order of the things, not of GitHub's answers.
    done: things.filter((thing) => done.includes(thing)),
    undone: [
      ...(permission === null ? [] : [{ what: cannot(left), why: { kind: "permission", permission } } as const]),
      ...(reason === undefined ? [] : [{ what: cannot(reasons.length), why: { kind: "failed", reason } } as const]),
    ],
  };
}

/** `1 pull request`, `2 pull requests`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** What a receipt names of something. */
export function linked({ number, url }: Linked): Linked {
  return { number, url };
}
