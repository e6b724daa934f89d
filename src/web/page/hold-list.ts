import { html } from "hono/html";
import type { Hold } from "../../domain/holds/hold.ts";
import type { Instant } from "../../domain/instant.ts";
import type { Panorama } from "../../view/board.ts";
import { badge } from "./badge.ts";
import { commandLink } from "./command-link.ts";
import { ago, type Html, link, moment } from "./html.ts";

/** The holds, each with who, why, until when and how it is lifted. */
export function holdList(holds: readonly Hold[], view: Panorama, now: Instant): Html {
  if (holds.length === 0) return html`<p class="none">Nothing is held.</p>`;
  return html`<ul class="cards">${holds.map((hold) => holdCard(hold, view, now))}</ul>`;
}

function holdCard(hold: Hold, view: Panorama, now: Instant): Html {
  const { id, scope, kind, by, at, reason, source, incidentUrl } = hold;
  return html`<li class="card">
<h3>${scope === "*" ? "Everything" : scope} ${badge(kind === "budget" ? "warn" : "stop", kind)}</h3>
<p class="reason">${reason === "" ? html`<em>No reason was given.</em>` : reason}</p>
<dl><div><dt>by</dt><dd>${by}</dd></div><div><dt>since</dt><dd>${source === "" ? ago(at, now) : link(source, ago(at, now))}</dd></div><div><dt>until</dt><dd>${endText(hold)}</dd></div>${incidentUrl === "" ? "" : html`<div><dt>see</dt><dd>${link(incidentUrl, shortened(incidentUrl, view))}</dd></div>`}<div><dt>id</dt><dd><code>${id}</code></dd></div></dl>
<p class="lift">${kind === "security" ? "Lifted by two operators: " : "Lifted by "}${commandLink(view, liftCommand(hold))}</p>
</li>`;
}

function endText({ until, kind }: Hold): Html | string {
  if (until === null) return "somebody lifts it";
  switch (kind) {
    case "operator":
      return moment(until);
    case "security":
      return html`expected ${moment(until)}, never by itself`;
    case "budget":
      return html`expected ${moment(until)}`;
    default:
      return kind satisfies never;
  }
}

function liftCommand({ id }: Hold): string {
  return `/batch resume --hold ${id}`;
}

/** `#12` for an issue of the repository itself. */
function shortened(url: string, view: Panorama): string {
  const number = url.startsWith(`${view.url}/`)
    ? /^\/(?:issues|pull)\/(\d+)$/.exec(url.slice(view.url.length))?.[1]
    : undefined;
  if (number !== undefined) return `#${number}`;
  const text = url.replace(/^https?:\/\//, "");
  return text.length <= 48 ? text : `${text.slice(0, 47)}…`;
}
