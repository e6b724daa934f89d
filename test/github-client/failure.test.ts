import { describe, expect, test } from "vitest";
import { isLostAnswer, isMissing, rateLimitWait, statusOf, writeConflict } from "../../src/github/failure.ts";

const NOW = Date.UTC(2026, 0, 28, 3, 15);

/** An answer of GitHub's as Octokit throws it. */
function refused(status: number, message: string, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(message), { name: "HttpError", status, response: { headers } });
}

const CUT = Object.assign(new Error("fetch failed"), { name: "HttpError", status: 500 });

describe("a refused write to the control file", () => {
  test.each([
    [409, "batch-control.json does not match 3f2a91", "file-changed"],
    [409, "is at 1a2b but expected 3c4d", "branch-moved"],
    [409, "refs/heads/master expected to be at 1a2b", "branch-moved"],
    [409, "Repository rule violations found\n\nChanges must be made through a pull request.", "protected"],
    [409, 'Required status check "build" is expected.', "protected"],
    [409, "At least 1 approving review is required by reviewers with write access.", "protected"],
    [403, "Protected branch update failed for refs/heads/main.", "protected"],
    [422, 'Invalid request.\n\n"sha" wasn\'t supplied.', "file-changed"],
    [422, "Validation Failed", null],
    [403, "Resource not accessible by integration", null],
    [404, "Not Found", null],
    [502, "Bad Gateway", null],
  ])("with %i %j means %j", (status, message, conflict) => {
    expect(writeConflict(refused(status, message))).toBe(conflict);
  });
});

describe("a failed call", () => {
  test.each([
    ["a server error", refused(502, "Bad Gateway"), true],
    ["a cut connection", CUT, true],
    ["a refusal", refused(422, "Validation Failed"), false],
    ["an error of our own", new TypeError("undefined is not a function"), false],
  ])("with %s may have had its effect: %s", (_what, error, lost) => {
    expect(isLostAnswer(error)).toBe(lost);
  });

  test("has a status only when GitHub answered", () => {
    expect([statusOf(refused(404, "Not Found")), statusOf(CUT), statusOf("text")]).toEqual([404, null, null]);
  });

  test.each([404, 410])("with %i means that there is no such thing", (status) => {
    expect(isMissing(refused(status, "gone"))).toBe(true);
  });
});

describe("a rate limit", () => {
  test.each([
    ["says how long to wait", refused(403, "limit", { "retry-after": "7" }), 7000],
    [
      "says when it ends",
      refused(403, "limit", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1000 + 30) }),
      30_000,
    ],
    [
      "that ended already is waited for a moment",
      refused(429, "limit", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" }),
      1000,
    ],
    ["without a time is a minute", refused(429, "Too many requests"), 60_000],
    [
      "of the second kind without a time is a minute",
      refused(403, "You have exceeded a secondary rate limit."),
      60_000,
    ],
    [
      "is not every 403",
      refused(403, "Resource not accessible by integration", { "x-ratelimit-remaining": "4000" }),
      null,
    ],
    ["is not a server error", refused(503, "limit", { "retry-after": "7" }), null],
  ])("%s", (_what, error, wait) => {
    expect(rateLimitWait(error, NOW)).toBe(wait);
  });
});
