import { html } from "hono/html";
import type { Instant } from "../../domain/instant.ts";
import type { Part, Standing } from "../../view/repository-view.ts";
import { type Verdict, verdictOn } from "../../view/verdict.ts";
import { badge } from "./badge.ts";
import type { Html } from "./html.ts";

/** A repository in the list: how it stands, or why that is not known. */
export interface Listed {
  readonly fullName: string;
  readonly standing: Part<Standing>;
}

const GRAVITY = ["stop", "warn", "ok"] as const;
const WORDS = { ok: "running", warn: "look", stop: "stopped" } as const;

/** All repositories that somebody may see, what needs somebody first. */
export function overviewPage(listed: readonly Listed[], now: Instant): Html {
  const rows = listed
    .map(({ fullName, standing }) => ({ fullName, verdict: verdictOf(standing, now) }))
    .toSorted((a, b) => GRAVITY.indexOf(a.verdict.grade) - GRAVITY.indexOf(b.verdict.grade));
  const items = rows.map(
    ({ fullName, verdict: { grade, title, facts } }) =>
      html`<li class="card"><h2><a href="/repositories/${fullName}">${fullName}</a> ${badge(grade, WORDS[grade])}</h2><p>${title}</p><p class="muted">${facts.join(" · ")}</p></li>`,
  );
  const none = html`<p class="none">GitHub shows you no repository in which this app is installed. If there should be one, ask its owner for access, or to install the app there.</p>`;
  return html`<h1>Repositories</h1>${items.length === 0 ? none : html`<ul class="cards">${items}</ul>`}`;
}

function verdictOf(standing: Part<Standing>, now: Instant): Verdict {
  if (standing.kind === "known") return verdictOn(standing.value, now);
  return { grade: "warn", title: "Could not be read from GitHub", facts: [standing.why.slice(0, 160)] };
}
