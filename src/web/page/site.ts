import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Instant } from "../../domain/instant.ts";
import type { Viewing } from "../../view/viewing.ts";
import { readAssets } from "./assets.ts";
import { changeStream } from "./change-stream.ts";
import { notConfiguredPage, signInPage } from "./door-page.ts";
import { type Listed, overviewPage } from "./overview-page.ts";
import { Printer } from "./printer.ts";
import { RANGES, repositoryPage } from "./repository-page.ts";
import { guard, isHttps } from "./security.ts";
import { Sessions } from "./session.ts";
import { signInRoutes } from "./sign-in-routes.ts";

type Viewer = NonNullable<Awaited<ReturnType<Sessions["viewer"]>>>;
type Repository = Awaited<ReturnType<Viewing["access"]["repositories"]>>[number];

export interface SiteSettings {
  /** What there is to show, and to whom; null where nobody can sign in. */
  readonly viewing: Viewing | null;
  /** `https://batchkeeper.example.org`: where people reach it; null when that is not known. */
  readonly publicUrl: string | null;
  /** What the keys of cookies are made from. */
  readonly secret: string;
  readonly now: () => Instant;
  readonly log: { warn(details: object, message: string): void; error(details: object, message: string): void };
}

/** The pages for people: everything that they show is what GitHub shows them, and nothing here changes anything. */
export function createSite({ viewing, publicUrl, secret, now, log }: SiteSettings): Hono {
  const assets = readAssets();
  const printer = new Printer(assets);
  const app = new Hono();
  guard(app, publicUrl);
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    log.error({ err: error, path: context.req.path }, "page failed");
    const text = "Something is wrong here, or GitHub could not be asked. It is in the log; try again in a moment.";
    return printer.plain(context, 502, "This page could not be made", text);
  });
  app.notFound((context) => {
    const text = "There is no such page, or GitHub does not show you the repository.";
    return printer.plain(context, 404, "Not found", text);
  });
  for (const { url, type, text } of Object.values(assets)) {
    const headers = { "content-type": type, "cache-control": "public, max-age=31536000, immutable" };
    app.get(url, (context) => context.body(text, 200, headers));
  }
  if (viewing === null) {
    app.get("/", (context) => printer.page(context, 200, { title: "Not set up", body: notConfiguredPage() }));
    return app;
  }
  const sessions = new Sessions(secret, isHttps(publicUrl));
  const redirectUri = publicUrl === null ? null : `${publicUrl}/sign-in/callback`;
  signInRoutes(app, { signIn: viewing.signIn, sessions, printer, redirectUri, log });
  viewRoutes(app, viewing, { sessions, printer, now });
  return app;
}

/** GitHub allows 100 calls at once; a list needs one for each repository that was not read lately. */
const MOST_LISTED = 60;

/** The repositories that somebody sees, and each of them. */
function viewRoutes(
  app: Hono,
  viewing: Viewing,
  { sessions, printer, now }: { readonly sessions: Sessions; readonly printer: Printer; readonly now: () => Instant },
): void {
  const { access, board, isSignedOut } = viewing;

  /** Shows something to who has signed in; to everybody else, and to whom GitHub has forgotten, how to sign in. */
  const shown = async (context: Context, show: (viewer: Viewer) => Promise<Response>): Promise<Response> => {
    const viewer = await sessions.viewer(context);
    try {
      if (viewer !== null) return await show(viewer);
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      sessions.end(context);
    }
    const { pathname, search } = new URL(context.req.url);
    return printer.page(context, 401, { title: "Sign in", body: signInPage(pathname + search) });
  };

  /** Shows something of the repository that the address names. */
  const shownOf = (context: Context, show: (repository: Repository, viewer: Viewer) => Promise<Response>) =>
    shown(context, async (viewer) => {
      const name = `${context.req.param("owner")}/${context.req.param("name")}`;
      const repository = await access.repository(viewer, name);
      return repository === null ? context.notFound() : show(repository, viewer);
    });

  app.get("/", (context) =>
    shown(context, async ({ login, ...viewer }) => {
      const repositories = await access.repositories({ login, ...viewer });
      const [only] = repositories;
      if (repositories.length === 1 && only !== undefined && context.req.query("all") === undefined) {
        return context.redirect(`/repositories/${only.fullName}`);
      }
      const listed = await Promise.all(repositories.slice(0, MOST_LISTED).map((one) => glance(one, viewing)));
      return printer.page(context, 200, { title: "Repositories", body: overviewPage(listed, now()), login });
    }),
  );

  app.get("/repositories/:owner/:name", (context) =>
    shownOf(context, async (repository, { login }) => {
      const days = RANGES.find((range) => String(range) === context.req.query("days")) ?? RANGES[0];
      const body = repositoryPage(await board.look(repository), { now: now(), days });
      const changes = `/repositories/${repository.fullName}/changes`;
      return printer.page(context, 200, { title: repository.fullName, body, login, changes });
    }),
  );

  app.get("/repositories/:owner/:name/changes", (context) =>
    shownOf(context, async (repository) => changeStream(context, viewing, repository)),
  );
}

async function glance(repository: Repository, { board }: Viewing): Promise<Listed> {
  const { fullName } = repository;
  try {
    return { fullName, standing: { kind: "known", value: await board.glance(repository) } };
  } catch (error) {
    return { fullName, standing: { kind: "unknown", why: error instanceof Error ? error.message : String(error) } };
  }
}
