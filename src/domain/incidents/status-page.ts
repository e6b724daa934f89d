import type { Ecosystem } from "../ecosystem.ts";

/** Status pages of what the well-known ecosystems are fetched from. */
const UPSTREAM: ReadonlyMap<string, string> = new Map([
  ["crates.io", "https://status.crates.io"],
  ["npm", "https://status.npmjs.org"],
  ["pypi", "https://status.python.org"],
  ["rubygems", "https://status.rubygems.org"],
]);

const GITHUB = "https://www.githubstatus.com";

/** Where to see whether others have an outage (runbook section 1, step 4), as links. */
export function statusPages(ecosystem: Ecosystem): string {
  const upstream = UPSTREAM.get(ecosystem);
  return [`[GitHub](${GITHUB})`, ...(upstream === undefined ? [] : [`[${ecosystem}](${upstream})`])].join(", ");
}
