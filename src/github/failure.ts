import { z } from "zod";

/**
 * What GitHub's refusal of a write to a branch means. Three different 409s come from `PUT contents`, told apart only by
 * their words (as quoted in octokit.rb#581, PyGithub#1787 and the documentation of rulesets).
 */
export type WriteConflict =
  /** The file is no longer the one that was read: read again, decide again. */
  | "file-changed"
  /** Somebody moved the branch between two steps of GitHub's own: read again; the file is often the same. */
  | "branch-moved"
  /** A rule or protection forbids the direct write: only a pull request will do. */
  | "protected";

const requestError = z.object({
  name: z.literal("HttpError"),
  status: z.number(),
  message: z.string(),
  response: z.object({ headers: z.record(z.string(), z.unknown()) }).optional(),
  request: z.object({ url: z.string() }).optional(),
});

type RequestFailure = z.output<typeof requestError>;

function requestFailure(error: unknown): RequestFailure | null {
  return requestError.safeParse(error).data ?? null;
}

const graphqlAnswer = z.object({
  headers: z.record(z.string(), z.unknown()),
  data: z.object({ errors: z.array(z.object({ type: z.string().optional(), message: z.string().default("") })) }),
});

// GitHub says either of them (octokit/plugin-throttling.js#824).
const LIMITED = /^RATE_LIMIT(?:ED)?$/;
// GitHub's own trouble has often no type, only these words (octokit/plugin-retry.js#395).
const TROUBLE = /^(?:INTERNAL|SERVICE_UNAVAILABLE)/;
const TROUBLE_IN_WORDS = /^something went wrong while executing your query/i;

/** A failure of GitHub's own that came inside a successful answer: the same to everybody as its counterpart in REST. */
class FailureInside extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly response: { readonly headers: Readonly<Record<string, unknown>> };
  constructor(status: number, message: string, headers: Readonly<Record<string, unknown>>) {
    super(message);
    this.status = status;
    this.response = { headers };
  }
}

/**
 * The rate limit or server error that a GraphQL answer with status 200 carries, as an error like those of REST; null for an
 * answer without errors and for errors that are an answer: what was asked for does not exist, or is not allowed.
 */
export function failureInside(response: unknown): Error | null {
  const answer = graphqlAnswer.safeParse(response).data;
  if (answer === undefined) return null;
  const { headers, data } = answer;
  for (const { type = "", message } of data.errors) {
    if (LIMITED.test(type) || /secondary rate limit/i.test(message)) return new FailureInside(429, message, headers);
    if (TROUBLE.test(type) || TROUBLE_IN_WORDS.test(message)) return new FailureInside(502, message, headers);
  }
  return null;
}

/** The HTTP status GitHub answered with, or null when the error is no answer of GitHub's. */
export function statusOf(error: unknown): number | null {
  const failure = requestFailure(error);
  return failure?.response === undefined ? null : failure.status;
}

/** GitHub's own words for a failed request, without the address of its documentation, or the error's. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ - https:\/\/docs\.github\.com\/\S*$/, "");
}

/**
 * Whether the request may have had its effect although it failed: a server error, or no answer at all. Such a write must
 * be looked for before it is sent again.
 */
export function isLostAnswer(error: unknown): boolean {
  const failure = requestFailure(error);
  if (failure === null) return false;
  return failure.response === undefined || failure.status >= 500;
}

/** Whether GitHub has no such thing, or does not show it to this installation. */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404 || statusOf(error) === 410;
}

/** Which of GitHub's conflicts a failed write met, or null when it failed for another reason. */
export function writeConflict(error: unknown): WriteConflict | null {
  const failure = requestFailure(error);
  if (failure === null || ![403, 409, 422].includes(failure.status)) return null;
  if (/rule violation|protected branch|must be made through a pull request/i.test(failure.message)) return "protected";
  if (failure.status === 409 && /is at .* but expected|expected to be at/i.test(failure.message)) return "branch-moved";
  if (failure.status === 409 && /does not match/i.test(failure.message)) return "file-changed";
  // Classic protection words its 409 by what is missing: a check, a review. Whatever else conflicts is a rule.
  if (failure.status === 409) return "protected";
  // The file appeared, or vanished, since it was read: GitHub then asks for the sha that was not known, or knows none.
  return failure.status === 422 && /"sha" wasn't supplied/.test(failure.message) ? "file-changed" : null;
}

/** What a failure means for trying again. */
export type Failure =
  /** GitHub asks for a rest until then. */
  | { readonly kind: "limited"; readonly until: number }
  /** What this kind of work may use of the write limit is used up until then: more urgent work may still have room. */
  | { readonly kind: "spent"; readonly until: number }
  /** GitHub, the way to it or the control file is in trouble: the same may succeed later. */
  | { readonly kind: "unavailable" }
  /** The installation or the repository is not there for us any more. */
  | { readonly kind: "gone"; readonly why: string }
  /** What was delivered is not what its event promises. */
  | { readonly kind: "malformed" }
  /** Anything else: a refusal that nobody thought of, or a fault of this program. */
  | { readonly kind: "broken" };

/** GitHub's limit for an installation is used up until a moment: the call was not sent at all. */
export class RateLimited extends Error {
  override readonly name = "RateLimited";
  /** Epoch milliseconds. */
  readonly until: number;
  constructor(until: number) {
    super(`GitHub asks for a rest until ${new Date(until).toISOString()}`);
    this.until = until;
  }
}

/** A write that would have to wait longer than its lane can: the share of the write limit that it may use is used up. */
export class WritesSpent extends Error {
  override readonly name = "WritesSpent";
  /** Epoch milliseconds: when there may be room again. */
  readonly until: number;
  constructor(until: number) {
    super(`what may be written in a minute is written; there may be room at ${new Date(until).toISOString()}`);
    this.until = until;
  }
}

/** What to make of an error that ended the handling of an event. */
export function failureOf(error: unknown, now: number): Failure {
  if (error instanceof RateLimited) return { kind: "limited", until: error.until };
  if (error instanceof WritesSpent) return { kind: "spent", until: error.until };
  const wait = rateLimitWait(error, now);
  if (wait !== null) return { kind: "limited", until: now + wait };
  const isBlocked =
    error instanceof ControlFileBusy || error instanceof ControlFileUnusable || error instanceof DownloadFailed;
  if (isBlocked || isLostAnswer(error)) return { kind: "unavailable" };
  const failure = requestFailure(error);
  if (failure === null) return { kind: "broken" };
  const why = messageOf(error);
  // GitHub documentation, "Create an installation access token for an app"; "Archiving repositories".
  const hasNoToken = failure.status === 404 && /\/access_tokens$/.test(failure.request?.url ?? "");
  const isShut = failure.status === 403 && /installation has been suspended|was archived/i.test(why);
  return hasNoToken || isShut || failure.status === 451 ? { kind: "gone", why } : { kind: "broken" };
}

/** Every attempt met another writer or lost its answer; what is on the default branch is somebody else's last word. */
export class ControlFileBusy extends Error {
  override readonly name = "ControlFileBusy";
  constructor(fullName: string, attempts: number) {
    super(
      `the control file of ${fullName} could not be written: each of ${attempts} attempts met another writer or no answer`,
    );
  }
}

/** The control file cannot be read, so that nothing can be counted until a person mends it. */
export class ControlFileUnusable extends Error {
  override readonly name = "ControlFileUnusable";
  constructor(fullName: string) {
    super(`the control file of ${fullName} cannot be read: what was to be counted waits until it is mended`);
  }
}

/** What GitHub keeps elsewhere could not be downloaded; the reason names no address, which would be a key to it. */
export class DownloadFailed extends Error {
  override readonly name = "DownloadFailed";
  constructor(reason: string) {
    super(`an artifact could not be downloaded: ${reason}`);
  }
}

/**
 * How long GitHub asks to wait, in milliseconds, or null when the failure is no rate limit. `retry-after` first, then the
 * reset of the primary limit, else a minute (GitHub documentation, "Best practices for using the REST API").
 */
export function rateLimitWait(error: unknown, now: number): number | null {
  const failure = requestFailure(error);
  if (failure === null || (failure.status !== 403 && failure.status !== 429)) return null;
  const headers = failure.response?.headers ?? {};
  const retryAfter = Number(headers["retry-after"]);
  if (Number.isFinite(retryAfter)) return retryAfter * 1000;
  if (Number(headers["x-ratelimit-remaining"]) === 0)
    return Math.max(1000, Number(headers["x-ratelimit-reset"]) * 1000 - now);
  return failure.status === 429 || /secondary rate limit/i.test(failure.message) ? 60_000 : null;
}

const graphqlError = z.object({
  name: z.literal("GraphqlResponseError"),
  data: z.unknown(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).min(1),
});

/**
 * What GitHub showed although it forbade a part of what was asked for by GraphQL: that part is null then. Null when the
 * answer has other errors as well, or the failure is of another kind.
 */
export function shownAnyway(error: unknown): unknown {
  const answer = graphqlError.safeParse(error).data;
  return answer?.errors.every(({ type }) => type === "FORBIDDEN") ? answer.data : null;
}

/** Whether GraphQL understood what was asked, and would not. */
export function isRefusedInside(error: unknown): boolean {
  return graphqlError.safeParse(error).success;
}

/** The permissions that routes below a repository ask of an app (GitHub documentation, "Permissions required for GitHub Apps"). */
const PERMISSIONS: readonly (readonly [route: RegExp, permission: string])[] = [
  [/\/check-(?:runs|suites)/, "Checks"],
  [/\/actions\//, "Actions"],
  [/\/pulls\/\d+\/merge|\/contents\/|\/git\//, "Contents"],
  [/\/pulls|\/graphql$/, "Pull requests"],
  [/\/issues|\/labels/, "Issues"],
];

/** The permission without which GitHub refused a write, as its settings name it: `Checks: write`. Null for another failure. */
export function missingPermission(error: unknown): string | null {
  const refusal = /resource not accessible by integration/i;
  const inside = graphqlError.safeParse(error).data;
  if (inside !== undefined) {
    const isRefused = inside.errors.some(({ type, message }) => type === "FORBIDDEN" || refusal.test(message));
    return isRefused ? "Pull requests: write" : null;
  }
  const failure = requestFailure(error);
  if (failure?.status !== 403 || !refusal.test(failure.message)) return null;
  const path = new URL(failure.request?.url ?? "/", "https://api.github.com").pathname;
  const permission = PERMISSIONS.find(([route]) => route.test(path))?.[1];
  return permission === undefined ? null : `${permission}: write`;
}
