import { html } from "hono/html";
import type { Configuration } from "../../config/schema.ts";
import type { Instant } from "../../domain/instant.ts";
import type { Panorama } from "../../view/board.ts";
import { answerDue, gravestFirst, incidentGrade } from "../../view/incident-order.ts";
import { badge } from "./badge.ts";
import { ago, type Html, link, until } from "./html.ts";
import { partList } from "./part.ts";

type Incident = Extract<Panorama["incidents"], { kind: "known" }>["value"][number];

/** The open incidents, each with its severity and the time by which somebody should have answered. */
export function incidentList({ incidents, settings }: Panorama, now: Instant): Html {
  return partList(gravestFirst(incidents), "No incident is open.", (incident) => {
    const { number, url, title, severity, openedAt } = incident;
    const opened =
      openedAt === null
        ? ""
        : html` <span class="muted">opened ${ago(openedAt, now)}${clockText(incident, settings, now)}</span>`;
    const grade = incidentGrade(incident);
    return html`<li>${badge(grade, severity ?? "unclassified")} ${link(url, `#${number} ${title}`)}${opened}</li>`;
  });
}

function clockText(incident: Incident, settings: Configuration, now: Instant): Html | string {
  const due = answerDue(incident, settings);
  if (due === null) return "";
  return due <= now ? html`, <strong>answer was due ${ago(due, now)}</strong>` : html`, answer due ${until(due, now)}`;
}
