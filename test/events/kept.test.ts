import { readFileSync } from "node:fs";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { keptOf, readOccurrence } from "../../src/events/occurrence.ts";
import { printMarker } from "../../src/github/marker.ts";

const olga = { login: "olga", id: 7, type: "User" };
const event = {
  installation: { id: 1 },
  repository: {
    name: "recipes",
    full_name: "acme/recipes",
    html_url: "https://github.com/acme/recipes",
    default_branch: "main",
    owner: { login: "acme" },
  },
};
const at = "2026-03-19T12:00:00Z";

/** An event of each kind, with all that is read of it and no more. */
const EVENTS: readonly (readonly [name: string, payload: Readonly<Record<string, unknown>>])[] = [
  [
    "issue_comment",
    {
      ...event,
      action: "edited",
      sender: olga,
      issue: { number: 1, html_url: "https://github.com/acme/recipes/issues/1", body: "text", user: olga },
      comment: { id: 5, body: "/batch stop npm", html_url: "https://github.com/c", created_at: at, user: olga },
      changes: { body: { from: "/batch status" } },
    },
  ],
  ["issues", { ...event, action: "closed", sender: olga, issue: issue("text") }],
  [
    "issues",
    {
      ...event,
      action: "edited",
      sender: olga,
      issue: issue("- [x] stop"),
      changes: { body: { from: `${printMarker({ kind: "dashboard", key: "1" })}\n- [ ] stop` } },
    },
  ],
  ["workflow_run", { ...event, action: "completed", workflow_run: run("success") }],
  ["workflow_run", { ...event, action: "in_progress", workflow_run: run(null) }],
  [
    "push",
    {
      ...event,
      ref: "refs/heads/main",
      before: "0".repeat(40),
      after: "1".repeat(40),
      deleted: false,
      forced: true,
      sender: olga,
      commits: [{ id: "1".repeat(40), message: "by hand", added: ["a"], modified: ["b"], removed: ["c"] }],
    },
  ],
  ["pull_request", { ...event, action: "closed", sender: olga, pull_request: pull(true) }],
  ["pull_request", { ...event, action: "opened", sender: olga, pull_request: pull(false) }],
  [
    "pull_request_review",
    {
      ...event,
      action: "submitted",
      review: { id: 3, state: "approved", html_url: "https://github.com/r", commit_id: "1".repeat(40), user: olga },
      pull_request: { number: 2, user: null },
    },
  ],
  ["installation", { action: "created", installation: { id: 1 } }],
  ["installation_repositories", { action: "added", installation: { id: 1 } }],
];

function issue(body: string) {
  const times = { created_at: at, updated_at: at, closed_at: null };
  const people = { user: olga, assignees: [olga], labels: [{ name: "incident" }] };
  return { number: 1, html_url: "https://github.com/i", title: "text", state: "open", body, ...people, ...times };
}

function run(conclusion: string | null) {
  return {
    id: 4,
    run_attempt: 2,
    path: ".github/workflows/batch-generate.yml",
    event: "schedule",
    conclusion,
    head_sha: "1".repeat(40),
    head_branch: "main",
    head_repository: { full_name: "acme/recipes" },
    run_started_at: at,
    updated_at: at,
  };
}

function pull(merged: boolean) {
  const names = { head: { ref: "batch/1" }, labels: [{ name: "batch" }] };
  return { number: 2, html_url: "https://github.com/p", body: null, merged, user: olga, ...names };
}

const addresses = fc.dictionary(fc.stringMatching(/^[a-z]{3,10}_url$/), fc.webUrl());
const noise = fc.record({ event: addresses, inside: addresses });

describe("what is kept of an event", () => {
  for (const [name, payload] of EVENTS) {
    property.prop([noise])(`${name}, ${payload.action ?? "of no action"}, reads as all of it does`, (added) => {
      const whole = { ...added.event, ...inEachObject(payload, added.inside) };
      expect(readOccurrence({ event: name, body: kept(name, whole) })).toEqual(
        readOccurrence({ event: name, body: JSON.stringify(whole) }),
      );
    });

    test(`${name}, ${payload.action ?? "of no action"}, is without what nobody reads`, () => {
      const whole = inEachObject(payload, { nobody_reads_this_url: "https://api.github.com/repos/acme/recipes" });
      expect(kept(name, whole)).not.toContain("api.github.com");
    });
  }

  test("tells the edit of a dashboard from that of an issue", () => {
    const kinds = EVENTS.map(([name, payload]) => readOccurrence({ event: name, body: kept(name, payload) }).kind);
    expect(kinds.filter((kind) => kind === "dashboard-edited" || kind === "issue")).toEqual([
      "issue",
      "dashboard-edited",
    ]);
  });

  test("is read as it was by the version that kept it", () => {
    const lines = readFileSync(new URL("./kept-so-far.jsonl", import.meta.url), "utf8")
      .trim()
      .split("\n");
    for (const { event, body, kind } of lines.map((line) => JSON.parse(line))) {
      expect(readOccurrence({ event, body: JSON.stringify(body) }).kind).toBe(kind);
    }
    expect(lines.length).toBeGreaterThanOrEqual(EVENTS.length);
  });

  test("nothing less than all of it when it is not as its event promises", () => {
    expect(
      keptOf("workflow_run", "completed", { ...event, action: "completed", workflow_run: { id: "4" } }),
    ).toBeNull();
    expect(keptOf("toString", undefined, event)).toBeNull();
  });
});

/** What is kept of an event that is as it promises. */
function kept(name: string, payload: Readonly<Record<string, unknown>>): string {
  const text = keptOf(name, payload.action as string | undefined, payload);
  if (text === null) throw new Error(`Nothing is kept of ${name}.`);
  return text;
}

/** Every object of a payload with more in it than is read. */
function inEachObject(payload: Readonly<Record<string, unknown>>, added: object): Record<string, unknown> {
  const fuller = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fuller);
    if (typeof value !== "object" || value === null) return value;
    return { ...added, ...Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fuller(inner)])) };
  };
  return fuller(payload) as Record<string, unknown>;
}
