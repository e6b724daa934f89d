import { html } from "hono/html";
import type { Configuration } from "../../config/schema.ts";
import type { Instant } from "../../domain/instant.ts";
import type { Panorama } from "../../view/board.ts";
import { ago, type Html, link, until } from "./html.ts";
import { partList } from "./part.ts";
import { badge, type Grade } from "./verdict.ts";

type Incident = Extract<Panorama["incidents"], { kind: "known" }>["value"][number];

const GRADES: Readonly<Record<NonNullable<Incident["severity"]>, Grade>> = {
  critical: "stop",
  high: "stop",
  medium: "warn",
  low: "ok",
};

/** The open incidents, each with its severity and the time by which somebody should have answered. */
export function incidentList({ incidents, settings }: Panorama, now: Instant): Html {
  return partList(gravestFirst(incidents), "No incident is open.", ({ number, url, title, severity, openedAt }) => {
    const grade = severity === null ? "warn" : GRADES[severity];
    const opened =
      openedAt === null
        ? ""
        : html` <span class="muted">opened ${ago(openedAt, now)}${clockText(severity, openedAt, settings, now)}</span>`;
    return html`<li>${badge(grade, severity ?? "unclassified")} ${link(url, `#${number} ${title}`)}${opened}</li>`;
  });
}

const GRAVITY = Object.keys(GRADES);

/** What nobody has classified may be anything, and comes first. */
function gravestFirst(incidents: Panorama["incidents"]): Panorama["incidents"] {
  if (incidents.kind === "unknown") return incidents;
  const rank = ({ severity }: Incident) => (severity === null ? -1 : GRAVITY.indexOf(severity));
  return { ...incidents, value: incidents.value.toSorted((a, b) => rank(a) - rank(b)) };
}

/** When an answer is due, by the response times of the settings. */
function clockText(
  severity: Incident["severity"],
  openedAt: Instant,
  { incidents: { clocks } }: Configuration,
  now: Instant,
): Html | string {
  if (severity === null || severity === "low") return "";
  const due = openedAt + clocks[severity];
  return due <= now ? html`, <strong>answer was due ${ago(due, now)}</strong>` : html`, answer due ${until(due, now)}`;
}
