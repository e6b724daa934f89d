import { createHash, randomBytes } from "node:crypto";
import type { EmulatorContext } from "../emulator.ts";
import { roleOf } from "../roles.ts";
import { ensureUser } from "../seed.ts";
import { repositoryJson } from "../shape/repository.ts";
import type { Site } from "../site.ts";
import { type actor, notFound, ok, page, Refusal, route } from "./routes.ts";

/** The OAuth client of the app, as its settings page shows it. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a person has allowed, until the app fetches the token for it. */
interface Grant {
  readonly login: string;
  readonly challenge: string | null;
  readonly redirectUri: string;
}

/** Who has signed in to this GitHub in which browser, and what they have allowed the app. */
export class OAuthStore {
  readonly client: OAuthClient = { clientId: "Iv23localgithub", clientSecret: "a client secret that only tests know" };
  /** The app's registered callback; set by whoever starts the app. */
  callbackUrl: string | null = null;
  readonly sessions = new Map<string, string>();
  readonly invitations = new Map<string, string>();
  readonly grants = new Map<string, Grant>();
  readonly authorized = new Set<string>();
  readonly issued = new Set<string>();
}

const COOKIE = "user_session";

/**
 * The web flow of a GitHub App's OAuth (GitHub documentation, "Generating a user access token for a GitHub App"), with
 * PKCE: whoever has signed in and allowed the app once is sent straight back.
 */
export function oauthRoutes(site: Site): void {
  const { router, oauth } = site;
  router.on("GET", "/login/oauth/authorize", (context) => {
    const query = new URL(context.req.url).searchParams;
    const redirectUri = query.get("redirect_uri") ?? oauth.callbackUrl;
    if (query.get("client_id") !== oauth.client.clientId) return text(404, "Not Found");
    if (oauth.callbackUrl === null || redirectUri !== oauth.callbackUrl) {
      return text(400, "The redirect_uri is not associated with this application.");
    }
    const login = signedIn(oauth, context);
    if (login !== null && oauth.authorized.has(login)) return grant(oauth, login, query);
    return choice(site, context);
  });
  router.on("POST", "/login/oauth/authorize", async (context) => {
    const form = new URLSearchParams(await context.req.raw.text());
    const login = form.get("login") ?? "";
    if (!site.db.users.findOneBy("login", login)) return text(422, "There is no such person.");
    oauth.authorized.add(login);
    const answer = grant(oauth, login, new URL(context.req.url).searchParams);
    answer.headers.append("set-cookie", newSession(oauth, login));
    return answer;
  });
  router.on("GET", "/sessions/:invitation", (context) => {
    const login = oauth.invitations.get(context.req.param("invitation"));
    oauth.invitations.delete(context.req.param("invitation"));
    const to = new URL(context.req.url).searchParams.get("return_to") ?? "/";
    if (login === undefined) return text(404, "This link has been used.");
    return new Response(null, { status: 302, headers: { location: to, "set-cookie": newSession(oauth, login) } });
  });
  route(site, "POST", "/login/oauth/access_token", async (request) => {
    const { client_id, client_secret, code, code_verifier } = await request.json();
    const { clientId, clientSecret } = oauth.client;
    if (client_id !== clientId || client_secret !== clientSecret) return refused("incorrect_client_credentials");
    const allowed = oauth.grants.get(String(code));
    oauth.grants.delete(String(code));
    const challenge = createHash("sha256").update(String(code_verifier)).digest("base64url");
    if (!allowed || (allowed.challenge !== null && allowed.challenge !== challenge))
      return refused("bad_verification_code");
    const { id } = ensureUser(site, allowed.login);
    const token = `ghu_${randomBytes(18).toString("hex")}`;
    site.tokens.set(token, { login: allowed.login, id, scopes: [] });
    oauth.issued.add(token);
    return ok({ access_token: token, token_type: "bearer", scope: "", expires_in: 28_800 });
  });
}

/** What a person's own token reaches of the installations: only what they have an explicit permission for. */
export function userInstallationRoutes(site: Site): void {
  const seen = (installation: { readonly account_id: number; readonly account_type: string }, login: string) =>
    site.db.repos
      .all()
      .filter(
        ({ owner_id, owner_type }) => owner_id === installation.account_id && owner_type === installation.account_type,
      )
      .filter((repository) => roleOf(site, { ...repository, private: true }, ensureUser(site, login)) !== "none");
  route(site, "GET", "/user/installations", (request) => {
    const { login } = person(request);
    const rows = site.db.appInstallations.all().filter((row) => seen(row, login).length > 0);
    const installations = rows.map(({ installation_id: id, account_login, suspended_at }) => ({
      id,
      app_id: site.app.appId,
      account: { login: account_login },
      suspended_at: suspended_at ?? null,
    }));
    return ok({ total_count: installations.length, installations });
  });
  route(site, "GET", "/user/installations/:id/repositories", (request) => {
    const { login } = person(request);
    const row = site.db.appInstallations.findOneBy("installation_id", Number(request.param("id")));
    const repositories = row ? seen(row, login) : [];
    if (!row || repositories.length === 0) throw notFound();
    const { items, headers } = page(request, repositories);
    const body = { total_count: repositories.length, repositories: items.map((one) => repositoryJson(site, one)) };
    return { status: 200, body, headers };
  });
}

function person(request: Parameters<typeof actor>[0]) {
  if (request.caller.kind !== "user")
    throw new Refusal(403, "You must authenticate with an access token authorized to a GitHub App");
  return request.caller.user;
}

function signedIn(oauth: OAuthStore, context: EmulatorContext): string | null {
  const cookie = context.req.raw.headers.get("cookie") ?? "";
  const session = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(cookie)?.[1];
  return oauth.sessions.get(session ?? "") ?? null;
}

/** Signs somebody in to this GitHub; the cookie of their browser. */
function newSession(oauth: OAuthStore, login: string): string {
  const session = randomBytes(18).toString("hex");
  oauth.sessions.set(session, login);
  return `${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Lax`;
}

function grant(oauth: OAuthStore, login: string, query: URLSearchParams): Response {
  const code = randomBytes(10).toString("hex");
  const redirectUri = query.get("redirect_uri") ?? oauth.callbackUrl ?? "";
  oauth.grants.set(code, { login, challenge: query.get("code_challenge"), redirectUri });
  const target = new URL(redirectUri);
  target.searchParams.set("code", code);
  target.searchParams.set("state", query.get("state") ?? "");
  return new Response(null, { status: 302, headers: { location: target.href } });
}

function choice(site: Site, context: EmulatorContext): Response {
  const people = site.db.users.all().filter(({ type }) => type === "User");
  const { search } = new URL(context.req.url);
  const buttons = people.map(
    ({ login }) => `<p><button name="login" value="${attribute(login)}">${attribute(login)}</button></p>`,
  );
  const form = `<form method="post" action="/login/oauth/authorize${attribute(search)}">${buttons.join("")}</form>`;
  return document("Authorize Batchkeeper", `<h1>Authorize Batchkeeper as</h1>${form}`);
}

/** A page of this GitHub, for a browser. */
export function document(title: string, body: string): Response {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${attribute(title)}</title></head><body>${body}</body></html>`;
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}

/** A text as it may stand in HTML, between quotes too. */
export function attribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function refused(error: string) {
  return ok({
    error,
    error_description: "The code passed is incorrect or expired.",
    error_uri: "https://docs.github.com",
  });
}

function text(status: number, words: string): Response {
  return new Response(words, { status, headers: { "content-type": "text/plain" } });
}

/** A link that signs somebody in to this GitHub, once, and leads on. */
export function invitation(site: Site, login: string, to: string): string {
  ensureUser(site, login);
  site.oauth.authorized.add(login);
  const secret = randomBytes(18).toString("hex");
  site.oauth.invitations.set(secret, login);
  return `${site.url}/sessions/${secret}?return_to=${encodeURIComponent(to)}`;
}
