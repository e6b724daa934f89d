import { type Context, Hono } from "hono";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { streamSSE } from "hono/streaming";
import type { Instant } from "../../domain/instant.ts";
import type { Viewing } from "../../view/viewing.ts";
import { readAssets } from "./assets.ts";
import { notConfiguredPage, plainPage, signInPage } from "./door-page.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import { type Listed, overviewPage } from "./overview-page.ts";
import { RANGES, repositoryPage } from "./repository-page.ts";
import { Sessions } from "./session.ts";

type Signed = NonNullable<Awaited<ReturnType<Sessions["viewer"]>>>;
type Repository = Awaited<ReturnType<Viewing["access"]["repositories"]>>[number];

export interface SiteSettings {
  /** What there is to show, and to whom; null where nobody can sign in. */
  readonly viewing: Viewing | null;
  /** `https://batchkeeper.example.org`: where people reach it; null when that is not known. */
  readonly publicUrl: string | null;
  readonly secret: string;
  readonly now: () => Instant;
  readonly log: { warn(details: object, message: string): void; error(details: object, message: string): void };
}

/** Some proxies end a connection on which nothing comes for a minute. */
const HEARTBEAT = 25_000;
/** After this long a stream ends and the browser comes again: by then GitHub is asked anew whether it shows the repository. */
const LONGEST_STREAM = 60_000;
/** GitHub allows 100 calls at once; a list needs one for each repository that was not read lately. */
const MOST_LISTED = 60;

/** The pages for people: everything that they show is what GitHub shows them, and nothing here changes anything. */
export function createSite(settings: SiteSettings): Hono {
  const { viewing, publicUrl, secret, now, log } = settings;
  const isSecure = publicUrl?.startsWith("https:") ?? false;
  const sessions = new Sessions(secret, isSecure);
  const assets = readAssets();
  const app = new Hono();

  const page = (context: Context, status: 200 | 401 | 404 | 502, shown: Shown) =>
    context.html(
      layout({ login: null, changes: null, assets, ...shown, title: `${shown.title} · Batchkeeper` }),
      status,
    );

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: "DENY",
      referrerPolicy: "no-referrer",
      strictTransportSecurity: isSecure ? "max-age=31536000; includeSubDomains" : false,
    }),
  );
  app.use("/sign-out", csrf(publicUrl === null ? undefined : { origin: new URL(publicUrl).origin }));
  app.use("*", async (context, next) => {
    await next();
    // What one person sees is kept by no cache for another.
    if (!context.res.headers.has("cache-control")) context.header("cache-control", "private, no-store");
  });
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    log.error({ err: error, path: context.req.path }, "page failed");
    const text = "Something is wrong here, or GitHub could not be asked. It is in the log; try again in a moment.";
    return page(context, 502, { title: "Not to be had", body: plainPage("This page could not be made", text) });
  });
  app.notFound((context) => {
    const text = "There is no such page, or GitHub does not show you the repository.";
    return page(context, 404, { title: "Not found", body: plainPage("Not found", text) });
  });

  for (const asset of Object.values(assets)) {
    app.get(asset.url, (context) =>
      context.body(asset.text, 200, {
        "content-type": asset.type,
        "cache-control": "public, max-age=31536000, immutable",
      }),
    );
  }

  if (viewing === null) {
    app.get("/", (context) => page(context, 200, { title: "Not set up", body: notConfiguredPage() }));
    return app;
  }
  const { access, board, signIn } = viewing;
  const redirectUri = publicUrl === null ? null : `${publicUrl}/sign-in/callback`;

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
      return page(context, 401, { title: "Sign-in", body: plainPage("The sign-in was not finished", text) });
    }
    const viewer = await signIn.viewerOf({ code, verifier: attempt.verifier, redirectUri });
    if (viewer === null) {
      const text = "GitHub did not take the code of this sign-in: it can be used once, and not for long.";
      return page(context, 401, { title: "Sign-in", body: plainPage("The sign-in was not finished", text) });
    }
    await sessions.begin(context, viewer);
    return context.redirect(attempt.to);
  });

  app.post("/sign-out", (context) => {
    sessions.end(context);
    return context.redirect("/", 303);
  });

  /** Shows something to who has signed in; to everybody else, and to whom GitHub has forgotten, how to sign in. */
  const shown = async (context: Context, show: (viewer: Signed) => Promise<Response>): Promise<Response> => {
    const viewer = await sessions.viewer(context);
    try {
      if (viewer !== null) return await show(viewer);
    } catch (error) {
      if (!viewing.isSignedOut(error)) throw error;
      sessions.end(context);
    }
    const { pathname, search } = new URL(context.req.url);
    return page(context, 401, { title: "Sign in", body: signInPage(pathname + search) });
  };

  app.get("/", (context) =>
    shown(context, async (viewer) => {
      const repositories = await access.repositories(viewer);
      const [only] = repositories;
      if (repositories.length === 1 && only !== undefined && context.req.query("all") === undefined) {
        return context.redirect(`/repositories/${only.fullName}`);
      }
      const listed = await Promise.all(repositories.slice(0, MOST_LISTED).map((repository) => glance(repository)));
      return page(context, 200, { title: "Repositories", body: overviewPage(listed, now()), login: viewer.login });
    }),
  );

  const glance = async (repository: Repository): Promise<Listed> => {
    const { fullName } = repository;
    try {
      return { fullName, standing: { kind: "known", value: await board.glance(repository) } };
    } catch (error) {
      return { fullName, standing: { kind: "unknown", why: error instanceof Error ? error.message : String(error) } };
    }
  };

  app.get("/repositories/:owner/:name", (context) =>
    shown(context, async (viewer) => {
      const repository = await access.repository(viewer, nameOf(context));
      if (repository === null) return context.notFound();
      const days = RANGES.find((range) => String(range) === context.req.query("days")) ?? RANGES[0];
      const body = repositoryPage(await board.look(repository), { now: now(), days });
      const changes = `/repositories/${repository.fullName}/changes`;
      return page(context, 200, { title: repository.fullName, body, login: viewer.login, changes });
    }),
  );

  app.get("/repositories/:owner/:name/changes", (context) =>
    shown(context, async (viewer) => {
      const repository = await access.repository(viewer, nameOf(context));
      if (repository === null) return context.notFound();
      return changesOf(context, viewing, repository);
    }),
  );
  return app;
}

interface Shown {
  readonly title: string;
  readonly body: Html;
  readonly login?: string;
  readonly changes?: string;
}

function nameOf(context: Context): string {
  return `${context.req.param("owner")}/${context.req.param("name")}`;
}

/** A path of this site; anything else, `//evil.example` too, is the front page: nobody is sent elsewhere by a sign-in. */
function localPath(to: string | undefined): string {
  const base = "http://localhost";
  const url = URL.parse(to ?? "/", base);
  return url === null || url.origin !== base || url.pathname.startsWith("//") ? "/" : url.pathname + url.search;
}

/** Tells, as server-sent events, whenever something has happened in a repository; ends so that access is asked anew. */
function changesOf(context: Context, { board, closing }: Viewing, repository: Repository): Response {
  return streamSSE(context, async (stream) => {
    const ended = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LONGEST_STREAM);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      stream.onAbort(end);
      closing.addEventListener("abort", end, { once: true });
    });
    const beat = setInterval(() => void stream.write(": here\n\n"), HEARTBEAT);
    const unwatch = board.watch(repository, () => void stream.writeSSE({ event: "change", data: "" }));
    try {
      await stream.write("retry: 1000\n\n");
      await ended;
    } finally {
      unwatch();
      clearInterval(beat);
    }
  });
}
