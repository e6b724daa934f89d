import { html } from "hono/html";
import type { Period } from "../../domain/breaker/timeline.ts";
import { counted } from "../../domain/counted.ts";
import { DAY, type Instant } from "../../domain/instant.ts";
import type { Panorama } from "../../view/board.ts";
import { verdictOn } from "../../view/verdict.ts";
import { badge } from "./badge.ts";
import { batchList } from "./batch-list.ts";
import { breakerList } from "./breaker-list.ts";
import { budgetSection } from "./budget-section.ts";
import { commandLink } from "./command-link.ts";
import { holdList } from "./hold-list.ts";
import { type Html, link, moment } from "./html.ts";
import { incidentList } from "./incident-list.ts";
import { partList } from "./part.ts";

/** How many days the time lines may show. */
export const RANGES = [7, 30, 365] as const;
export type Range = (typeof RANGES)[number];

/** Everything about one repository: what is stopped, what fails, what it costs, what is under way. */
export function repositoryPage(view: Panorama, { now, days }: { readonly now: Instant; readonly days: Range }): Html {
  const verdict = verdictOn(view, now);
  const { control } = view;
  return html`<section id="verdict" class="verdict ${verdict.grade}">
<p class="where">${link(view.url, view.fullName)}</p>
<h1>${verdict.title}</h1>
<p>${[...verdict.facts, incidentFact(view), runFact(view)].filter((fact) => fact !== "").join(" · ")}</p>
<p class="actions">${control.kind === "ready" && verdict.grade === "stop" ? commandLink(view, "/batch resume") : commandLink(view, "/batch stop")} ${commandLink(view, "/batch status")}</p>
</section>
${notices(view)}
<div class="pair" id="trouble">${control.kind === "ready" ? section("holds", "Holds", holdList(control.control.holds, view, now)) : ""}
${section("incidents", "Open incidents", incidentList(view, now))}</div>
${control.kind === "ready" ? section("breakers", "Circuit breakers", breakers(view, control.control, now, days)) : ""}
${control.kind === "ready" ? section("budget", "Budget", budgetSection(control.control.budget, view, now)) : ""}
<div class="pair" id="activity">${section(
    "runs",
    "Runs in flight",
    partList(
      view.runs,
      "No batch run is under way.",
      ({ id, url, status }) => html`<li>${badge("ok", status.replaceAll("_", " "))} ${link(url, `run ${id}`)}</li>`,
    ),
  )}
${section("batches", "Recent batches", batchList(view))}</div>
<p class="asof">As GitHub had it at ${moment(view.readAt)}.</p>`;
}

function section(id: string, title: string, body: Html): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${body}</section>`;
}

function breakers(
  view: Panorama,
  control: Extract<Panorama["control"], { kind: "ready" }>["control"],
  now: Instant,
  days: Range,
): Html {
  const period: Period = { from: now - days * DAY, until: now };
  const ranges = RANGES.map((range) => {
    const text = range === 365 ? "1 year" : `${range} days`;
    return range === days
      ? html`<span aria-current="true">${text}</span>`
      : html`<a href="?days=${range}#breakers">${text}</a>`;
  });
  const oldest = view.versions.at(-1);
  const gathering =
    view.isPastComplete || oldest === undefined || oldest.at <= period.from
      ? ""
      : html`<p class="muted">The history is being read from git; so far it goes back to ${moment(oldest.at)}.</p>`;
  return html`<nav class="ranges" aria-label="Time shown">${ranges}</nav>${gathering}${breakerList(control, view, { period, now })}`;
}

/** What is wrong beside the pipeline itself. */
function notices(view: Panorama): Html {
  const { control, settingsProblems, deadLetters } = view;
  return html`${
    control.kind === "unusable"
      ? html`<p class="notice">${view.settings.control_file}${control.problem.position === null ? "" : `, line ${control.problem.position.line}, column ${control.problem.position.column}`}: <code>${control.problem.message}</code></p>`
      : ""
  }${
    settingsProblems === 0
      ? ""
      : html`<p class="notice">The settings in <code>.github/batchkeeper.yml</code> cannot be used; the last good ones are in force. An open incident names line and column.</p>`
  }${
    deadLetters.length === 0
      ? ""
      : html`<div class="notice"><p>${counted(deadLetters.length, "event")} could not be handled and ${deadLetters.length === 1 ? "was" : "were"} given up:</p><ul>${deadLetters.map(({ event, reason, at }) => html`<li>${event} at ${moment(at)}: <code>${reason.slice(0, 160)}</code></li>`)}</ul></div>`
  }`;
}

function incidentFact({ incidents }: Panorama): string {
  return incidents.kind === "known" ? `${counted(incidents.value.length, "open incident")}` : "";
}

function runFact({ runs }: Panorama): string {
  return runs.kind === "known" ? `${counted(runs.value.length, "run")} in flight` : "";
}
