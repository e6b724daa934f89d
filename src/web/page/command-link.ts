import { html } from "hono/html";
import type { Panorama } from "../../view/board.ts";
import type { Html } from "./html.ts";

type Talk = Pick<Panorama, "url" | "incidents" | "control">;

/**
 * A command as a link to where it can be given: the page itself changes nothing. GitHub fills in the text of new issues
 * from an address, and of no comment, so the link leads to the comment field, and the script beside the page has the command
 * in the clipboard by then. Without the script it is there to be read and typed.
 */
export function commandLink(view: Talk, command: string, ecosystem: string | null = null): Html {
  return html`<a class="command" href="${talkUrl(view, ecosystem)}" data-command="${command}">${command}</a>`;
}

/** Where to talk: below the ecosystem's incident, another one, where the latest hold was asked for, else in a new issue. */
function talkUrl({ url, incidents, control }: Talk, ecosystem: string | null): string {
  const open = incidents.kind === "known" ? incidents.value : [];
  const own = open.find(({ members }) => members.some((member) => member.ecosystem === ecosystem));
  const incident = own ?? open[0];
  if (incident !== undefined) return `${incident.url}#new_comment_field`;
  const holds = control.kind === "ready" ? control.control.holds : [];
  const thread = holds.map(({ source }) => source.split("#", 1)[0] ?? "").findLast((source) => isThreadOf(url, source));
  return thread === undefined ? newIssue(url) : `${thread}#new_comment_field`;
}

function isThreadOf(repository: string, source: string): boolean {
  return source.startsWith(`${repository}/`) && /^\/(issues|pull)\/\d+$/.test(source.slice(repository.length));
}

/** GitHub documentation, "Creating an issue": title and body can be told by the address. */
function newIssue(repository: string): string {
  const query = new URLSearchParams({
    title: "Batch operations",
    body: "Operators of the batch pipeline give their commands in comments on this issue.",
  });
  return `${repository}/issues/new?${query}`;
}
