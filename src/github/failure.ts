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
});

type RequestFailure = z.output<typeof requestError>;

function requestFailure(error: unknown): RequestFailure | null {
  return requestError.safeParse(error).data ?? null;
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
