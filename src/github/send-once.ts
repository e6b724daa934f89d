import { isLostAnswer } from "./failure.ts";

const ATTEMPTS = 3;

/**
 * Sends a write that must have its effect once, although its answer may be lost: after a server error or a cut connection
 * the effect is looked for, and only when it is not there the write is sent again.
 *
 * @param send performs the write.
 * @param find looks for its effect, by a name or marker that only this write bears; null when it is not there.
 * @throws the last failure when three attempts had no effect, and any failure that is an answer (4xx) at once.
 */
export async function sendOnce<T>(send: () => Promise<T>, find: () => Promise<T | null>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!isLostAnswer(error)) throw error;
      const effect = await find();
      if (effect !== null) return effect;
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Sends a write that has the same effect however often it is sent, such as setting a label: again after a lost answer. */
export function sendIdempotent<T>(send: () => Promise<T>): Promise<T> {
  return sendOnce(send, async () => null);
}
