import { createHash, hkdfSync, randomBytes } from "node:crypto";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { EncryptJWT, jwtDecrypt } from "jose";
import { z } from "zod";

/** What a session knows: who it is, and the token by which GitHub is asked what it shows them. */
const viewerShape = z.object({ id: z.number(), login: z.string(), token: z.string() });
type Viewer = z.infer<typeof viewerShape>;

/** A sign-in that has begun in this browser: only there can it be finished. */
const attemptShape = z.object({ state: z.string(), verifier: z.string(), to: z.string() });
export type Attempt = z.infer<typeof attemptShape>;

/** As long as GitHub's own tokens of people are good (GitHub documentation, "Refreshing user access tokens"). */
const SESSION_SECONDS = 8 * 3600;
const ATTEMPT_SECONDS = 600;

/**
 * Sessions that are kept by the browser alone, in cookies that are encrypted and authenticated (JWE with A256GCM), that no
 * script can read, and that no other site's forms send along. A session begins with a new cookie only when GitHub has said
 * who it is: what a browser had before is never taken over.
 */
export class Sessions {
  readonly #key: Uint8Array;
  readonly #isSecure: boolean;

  /**
   * @param secret of the installation; the keys of cookies are derived from it
   * @param isSecure whether people come by https: cookies then have names that only this host can set
   */
  constructor(secret: string, isSecure: boolean) {
    this.#key = new Uint8Array(hkdfSync("sha256", secret, "", "batchkeeper session", 32));
    this.#isSecure = isSecure;
  }

  /** Who has signed in; null for nobody, whatever else the cookie is. */
  viewer(context: Context): Promise<Viewer | null> {
    return this.#open(context, "session", viewerShape);
  }

  async begin(context: Context, viewer: Viewer): Promise<void> {
    await this.#seal(context, "session", viewer, SESSION_SECONDS);
  }

  end(context: Context): void {
    deleteCookie(context, this.#name("session"), this.#options());
  }

  /** Begins a sign-in that ends at `to`; what of it is told to GitHub is the state and the challenge. */
  async attempt(context: Context, to: string): Promise<{ readonly state: string; readonly challenge: string }> {
    const [state, verifier] = [randomBytes(32).toString("base64url"), randomBytes(32).toString("base64url")];
    await this.#seal(context, "sign-in", { state, verifier, to }, ATTEMPT_SECONDS);
    return { state, challenge: createHash("sha256").update(verifier).digest("base64url") };
  }

  /** The sign-in that has begun in this browser; it can be finished once. */
  async takeAttempt(context: Context): Promise<Attempt | null> {
    const attempt = await this.#open(context, "sign-in", attemptShape);
    deleteCookie(context, this.#name("sign-in"), this.#options());
    return attempt;
  }

  async #seal(context: Context, kind: Kind, content: Record<string, unknown>, seconds: number): Promise<void> {
    const text = await new EncryptJWT(content)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setAudience(kind)
      .setIssuedAt()
      .setExpirationTime(`${seconds}s`)
      .encrypt(this.#key);
    setCookie(context, this.#name(kind), text, { ...this.#options(), maxAge: seconds });
  }

  async #open<Schema extends z.ZodType>(context: Context, kind: Kind, shape: Schema): Promise<z.infer<Schema> | null> {
    const text = getCookie(context, this.#name(kind));
    if (text === undefined) return null;
    const opened = await jwtDecrypt(text, this.#key, { audience: kind }).catch(() => null);
    return opened === null ? null : (shape.safeParse(opened.payload).data ?? null);
  }

  #name(kind: Kind): string {
    return `${this.#isSecure ? "__Host-" : ""}batchkeeper-${kind}`;
  }

  #options() {
    return { path: "/", httpOnly: true, secure: this.#isSecure, sameSite: "Lax" } as const;
  }
}

type Kind = "session" | "sign-in";
