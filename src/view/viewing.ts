import type { Octokit } from "../github/octokit.ts";
import { authorizeUrl, exchangeCode, type SignIn, SignInRefused, type Viewer, whoIs } from "../github/viewer.ts";
import { type Access, SignedOut } from "./access.ts";
import type { Board } from "./board.ts";

/** What pages need: who may see what, what there is to see, and how people sign in. */
export interface Viewing {
  readonly access: Access;
  readonly board: Board;
  readonly signIn: {
    readonly authorizeUrl: (asked: Parameters<typeof authorizeUrl>[1]) => string;
    /** Who a code is of; null when GitHub does not take it. */
    readonly viewerOf: (given: Parameters<typeof exchangeCode>[1]) => Promise<Viewer | null>;
  };
  readonly isSignedOut: (error: unknown) => boolean;
  /** Aborted when the process ends: whoever waits for changes is let go. */
  readonly closing: AbortSignal;
}

/** Signing in at GitHub, and what pages need beside. */
export function viewingWith(
  signIn: SignIn,
  {
    access,
    board,
    octokitOfViewer,
    closing,
  }: Pick<Viewing, "access" | "board" | "closing"> & {
    readonly octokitOfViewer: (token: string) => Octokit;
  },
): Viewing {
  return {
    access,
    board,
    closing,
    isSignedOut: (error) => error instanceof SignedOut,
    signIn: {
      authorizeUrl: (asked) => authorizeUrl(signIn, asked),
      viewerOf: async (given) => {
        try {
          const token = await exchangeCode(signIn, given);
          return { token, ...(await whoIs(octokitOfViewer(token))) };
        } catch (error) {
          if (error instanceof SignInRefused) return null;
          throw error;
        }
      },
    },
  };
}
