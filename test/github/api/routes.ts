import type { RepositoryRow, UserRow } from "../database.ts";
import type { EmulatorContext, EmulatorInstallationToken } from "../emulator.ts";
import { isObject, type Json } from "../json.ts";
import { mayWrite, roleOf } from "../roles.ts";
import { findRepository, type Site } from "../site.ts";

/** What a route answers; `body` is sent as JSON, bytes as they are, and none at all when it is undefined. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who calls, as far as the token tells. */
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "app" }
  | { readonly kind: "user"; readonly user: UserRow }
  | { readonly kind: "installation"; readonly user: UserRow; readonly token: EmulatorInstallationToken };

export interface ApiRequest {
  readonly raw: Request;
  readonly caller: Caller;
  param(name: string): string;
  query(name: string): string | undefined;
  /** The JSON body; {} when there is none. Throws the 400 that GitHub answers to anything but an object. */
  json(): Promise<Json>;
}

export interface RepositoryRequest extends ApiRequest {
  readonly repository: RepositoryRow;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A refusal, as GitHub words it. Thrown anywhere in a route. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly Json[] | undefined;

  constructor(status: number, message: string, errors?: readonly Json[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }

  answer(): Answer {
    const { status, message, errors } = this;
    const documentation_url = "https://docs.github.com/rest";
    return { status, body: { message, ...(errors ? { errors } : {}), documentation_url, status: String(status) } };
  }
}

export const notFound = () => new Refusal(404, "Not Found");
export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const noContent: Answer = { status: 204 };

/** Adds a route; one that emulate has too is replaced, because the first match wins. */
export function route(
  site: Site,
  method: Method,
  path: string,
  handler: (request: ApiRequest) => Answer | Promise<Answer>,
): void {
  site.router.on(method, path, async (context) => {
    try {
      return toResponse(await handler(apiRequest(site, context)));
    } catch (error) {
      if (error instanceof Refusal) return toResponse(error.answer());
      throw error;
    }
  });
}

/** Adds a route below `/repos/{owner}/{repo}`. A private repository does not exist for those who may not see it. */
export function repositoryRoute(
  site: Site,
  method: Method,
  path: string,
  handler: (request: RepositoryRequest) => Answer | Promise<Answer>,
): void {
  route(site, method, `/repos/:owner/:repo${path}`, (request) => {
    const repository = findRepository(site.db, `${request.param("owner")}/${request.param("repo")}`);
    if (!repository || !maySee(site, request.caller, repository)) throw notFound();
    return handler({ ...request, repository });
  });
}

/** Who acts; 401 for nobody. An app's installation acts as its bot. */
export function actor(request: ApiRequest): UserRow {
  const { caller } = request;
  if (caller.kind === "user" || caller.kind === "installation") return caller.user;
  throw new Refusal(401, "Requires authentication");
}

/** Who acts, if they may write to the repository. What an installation may do was checked by its permissions before. */
export function writer(site: Site, request: RepositoryRequest): UserRow {
  const user = actor(request);
  if (request.repository.archived) throw new Refusal(403, "Repository was archived so is read-only.");
  if (!mayPush(site, request.caller, request.repository)) {
    throw new Refusal(403, "Must have push access to repository.");
  }
  return user;
}

export function mayPush(site: Site, caller: Caller, repository: RepositoryRow): boolean {
  if (caller.kind === "installation") return covers(caller.token, repository);
  return caller.kind === "user" && mayWrite(roleOf(site, repository, caller.user));
}

export function maySee(site: Site, caller: Caller, repository: RepositoryRow): boolean {
  if (!repository.private) return true;
  if (caller.kind === "installation") return covers(caller.token, repository);
  return caller.kind === "user" && roleOf(site, repository, caller.user) !== "none";
}

/** Whether an installation token reaches a repository at all. */
export function covers(token: EmulatorInstallationToken, repository: RepositoryRow): boolean {
  if (token.accountId !== repository.owner_id || token.accountType !== repository.owner_type) return false;
  return token.repositorySelection === "all" || token.repositoryIds.includes(repository.id);
}

/** One page of a list, with the `Link` header by which clients find the next one. */
export function page<T>(request: ApiRequest, items: readonly T[]): { items: T[]; headers: Record<string, string> } {
  const perPage = clamp(request.query("per_page"), 30, 100);
  const number = clamp(request.query("page"), 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, relation: string) => {
    const url = new URL(request.raw.url);
    url.searchParams.set("per_page", String(perPage));
    url.searchParams.set("page", String(to));
    return `<${url}>; rel="${relation}"`;
  };
  const before = number > 1 ? [link(number - 1, "prev"), link(1, "first")] : [];
  const after = number < last ? [link(number + 1, "next"), link(last, "last")] : [];
  const links = [...before, ...after].join(", ");
  return { items: items.slice((number - 1) * perPage, number * perPage), headers: links ? { link: links } : {} };
}

export function toResponse(answer: Answer): Response {
  const { status, body, headers } = answer;
  if (body === undefined) return new Response(null, { status, headers: { ...headers } });
  if (body instanceof Uint8Array) return new Response(new Uint8Array(body), { status, headers: { ...headers } });
  return Response.json(body, { status, headers: { "content-type": "application/json; charset=utf-8", ...headers } });
}

/** Who calls, from what emulate's authentication found in the token. */
export function callerOf(site: Site, context: EmulatorContext): Caller {
  if (context.get("authApp")) return { kind: "app" };
  const authenticated = context.get("authUser");
  if (!authenticated) return { kind: "anonymous" };
  const token = authenticated.installation;
  const user = token ? site.db.users.get(site.app.botId) : site.db.users.findOneBy("login", authenticated.login);
  if (!user) return { kind: "anonymous" };
  return token ? { kind: "installation", user, token } : { kind: "user", user };
}

function apiRequest(site: Site, context: EmulatorContext): ApiRequest {
  const { raw } = context.req;
  const { searchParams } = new URL(raw.url);
  return {
    raw,
    caller: callerOf(site, context),
    param: (name) => context.req.param(name),
    query: (name) => searchParams.get(name) ?? undefined,
    json: () => jsonObject(raw),
  };
}

async function jsonObject(request: Request): Promise<Json> {
  const text = await request.text();
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Answered below, like every other body that is not a JSON object.
  }
  throw new Refusal(400, "Problems parsing JSON");
}

function clamp(text: string | undefined, otherwise: number, most: number): number {
  const number = Number.parseInt(text ?? "", 10);
  return Number.isNaN(number) || number < 1 ? otherwise : Math.min(number, most);
}
