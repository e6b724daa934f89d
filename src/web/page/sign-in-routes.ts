import type { Hono } from "hono";
import type { Viewing } from "../../view/viewing.ts";
import type { Printer } from "./printer.ts";
import type { Sessions } from "./session.ts";

interface SignInSettings {
  readonly signIn: Viewing["signIn"];
  readonly sessions: Sessions;
  readonly printer: Printer;
  /** Where GitHub sends people back to; null leaves it to the callback URL in the app's settings. */
  readonly redirectUri: string | null;
  readonly log: { warn(details: object, message: string): void };
}

const UNFINISHED = "The sign-in was not finished";

/** Signing in at GitHub, in the browser in which it began and once, and signing out. */
export function signInRoutes(app: Hono, { signIn, sessions, printer, redirectUri, log }: SignInSettings): void {
  app.get("/sign-in", async (context) => {
    const attempt = await sessions.attempt(context, localPath(context.req.query("to")));
    return context.redirect(signIn.authorizeUrl({ ...attempt, redirectUri }));
  });

  app.get("/sign-in/callback", async (context) => {
    const attempt = await sessions.takeAttempt(context);
    const { code, state } = context.req.query();
    if (attempt === null || state !== attempt.state || code === undefined) {
      log.warn({ path: context.req.path }, "sign-in refused: it did not begin in this browser, or was not allowed");
      const text =
        "It took too long, was not allowed at GitHub, or did not begin in this browser. Nobody is signed in.";
      return printer.plain(context, 401, UNFINISHED, text);
    }
    const viewer = await signIn.viewerOf({ code, verifier: attempt.verifier, redirectUri });
    if (viewer === null) {
      const text = "GitHub did not take the code of this sign-in: it can be used once, and not for long.";
      return printer.plain(context, 401, UNFINISHED, text);
    }
    await sessions.begin(context, viewer);
    return context.redirect(attempt.to);
  });

  app.post("/sign-out", (context) => {
    sessions.end(context);
    return context.redirect("/", 303);
  });
}

/** A path of this site; anything else, `//evil.example` too, is the front page: nobody is sent elsewhere by a sign-in. */
function localPath(to: string | undefined): string {
  const base = "http://localhost";
  const url = URL.parse(to ?? "/", base);
  return url === null || url.origin !== base || url.pathname.startsWith("//") ? "/" : url.pathname + url.search;
}
