import { maySee } from "../api/routes.ts";
import type { PullRequestRow } from "../database.ts";
import type { Json } from "../json.ts";
import { findRepository } from "../site.ts";
import { pullRequestNode } from "./pull-request.ts";
import type { QueryContext } from "./query-context.ts";

interface Search {
  readonly query: string;
  readonly first?: number;
  readonly after?: string;
}

/**
 * `Query.search` for pull requests of one repository, with the qualifiers `repo`, `is`, `head` (which matches beginnings of
 * branch names), `created` and `in`, and phrases, as GitHub documents them; an unknown qualifier is an error here.
 */
export function search({ query, first = 0, after }: Search, { site, caller }: QueryContext): Json {
  const { qualifiers, phrases } = readQuery(query);
  const row = findRepository(site.db, qualifiers.get("repo")?.[0] ?? "");
  const pulls = row && maySee(site, caller, row) ? site.db.pullRequests.findBy("repo_id", row.id) : [];
  const found = pulls.filter((pull) => isMeant(pull, qualifiers) && phrases.every((phrase) => contains(pull, phrase)));
  const newestFirst = found.toSorted(
    (a, b) => Date.parse(b.created_at) - Date.parse(a.created_at) || b.number - a.number,
  );
  const start = after === undefined ? 0 : Number(Buffer.from(after, "base64").toString().split(":")[1]);
  const shown = newestFirst.slice(start, start + first);
  const end = start + shown.length;
  return {
    issueCount: found.length,
    nodes: () => shown.flatMap((pull) => (row ? [pullRequestNode(site, row, pull)] : [])),
    pageInfo: {
      hasNextPage: end < found.length,
      endCursor: shown.length === 0 ? null : Buffer.from(`cursor:${end}`).toString("base64"),
    },
  };
}

const KNOWN = ["repo", "is", "head", "created", "in", "sort"];

function readQuery(query: string) {
  const qualifiers = new Map<string, string[]>();
  const phrases: string[] = [];
  for (const [, name, value = "", phrase] of query.matchAll(/(?:([a-z]+):(\S+))|"([^"]*)"|\S+/g)) {
    if (name !== undefined) qualifiers.getOrInsertComputed(name, () => []).push(value);
    else if (phrase !== undefined) phrases.push(phrase.toLowerCase());
    else throw new Error(`The local GitHub does not search for ${query}.`);
  }
  const strange = [...qualifiers.keys()].find((name) => !KNOWN.includes(name));
  if (strange !== undefined) throw new Error(`The local GitHub does not search by ${strange}:.`);
  return { qualifiers, phrases };
}

function isMeant(pull: PullRequestRow, qualifiers: ReadonlyMap<string, readonly string[]>): boolean {
  const head = qualifiers.get("head")?.[0] ?? "";
  const [from = "", to = ""] = (qualifiers.get("created")?.[0] ?? "..").split("..");
  const day = pull.created_at.slice(0, 10);
  const states = (qualifiers.get("is") ?? []).filter((state) => state !== "pr");
  const is = { merged: pull.merged, open: pull.state === "open", closed: pull.state === "closed" };
  return (
    pull.head_ref.startsWith(head) &&
    (from === "" || day >= from) &&
    (to === "" || day <= to) &&
    states.every((state) => Object.entries(is).some(([name, holds]) => name === state && holds))
  );
}

function contains({ title, body }: PullRequestRow, phrase: string): boolean {
  return `${title}\n${body ?? ""}`.toLowerCase().includes(phrase);
}
