import { createHmac, timingSafeEqual } from "node:crypto";

const SEAL = /\nBatchkeeper-Seal: ([0-9a-f]{64})$/;

/**
 * Marks what this app said in a commit message, so that nobody else can say it: GitHub signs the squash of a pull request of
 * ours for us, whatever a person typed into it. Made with the app's private key, which every replica has, and for one branch.
 */
export class Seal {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /** The message with its seal as the last trailer. */
  set(message: string, place: SealedPlace): string {
    return `${message}\nBatchkeeper-Seal: ${this.digest(message, place)}`;
  }

  /** The message without its seal; null when it has none, or none of ours for this place. */
  open(sealed: string, place: SealedPlace): string | null {
    const text = sealed.trimEnd();
    const seal = SEAL.exec(text)?.[1];
    if (seal === undefined) return null;
    const message = text.replace(SEAL, "");
    const isOurs = timingSafeEqual(Buffer.from(seal), Buffer.from(this.digest(message, place)));
    return isOurs ? message : null;
  }

  /** What only this app can make of a text: for what has another place for its seal than a trailer. */
  digest(message: string, { fullName, branch }: SealedPlace): string {
    const said = JSON.stringify([fullName.toLowerCase(), branch, message]);
    return createHmac("sha256", this.#key).update(said).digest("hex");
  }
}

/** Where a message stands. */
interface SealedPlace {
  readonly fullName: string;
  readonly branch: string;
}
