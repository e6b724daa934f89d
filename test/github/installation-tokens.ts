import type { EmulatorAuthUser } from "./emulator.ts";

/** GitHub documentation: "Generating an installation access token": it expires after one hour. */
const LIFETIME_MILLISECONDS = 60 * 60 * 1000;

/** Watches the tokens that emulate mints for installations: counts them, lets them expire, revokes them. */
export class InstallationTokens {
  /** How many were ever minted. */
  minted = 0;
  readonly #tokens: Map<string, EmulatorAuthUser>;
  /** Epoch milliseconds. */
  readonly #expiry = new Map<string, number>();

  constructor(tokens: Map<string, EmulatorAuthUser>) {
    this.#tokens = tokens;
    const set = tokens.set.bind(tokens);
    tokens.set = (token, user) => {
      if (user.installation) {
        this.minted++;
        this.#expiry.set(token, Date.now() + LIFETIME_MILLISECONDS);
      }
      return set(token, user);
    };
  }

  isExpired(token: string): boolean {
    const expiry = this.#expiry.get(token);
    return expiry !== undefined && Date.now() >= expiry;
  }

  /** Makes every token that was minted so far worthless. */
  revoke(): void {
    for (const token of this.#expiry.keys()) this.#tokens.delete(token);
    this.#expiry.clear();
  }

  /** What tokens in use may do changes with the installation's permissions. */
  setPermissions(permissions: Readonly<Record<string, string>>): void {
    for (const { installation } of this.#tokens.values())
      if (installation) installation.permissions = { ...permissions };
  }
}
