import { readMarker } from "../../src/github/marker.ts";
import type { ObservedIssue } from "../../test/github/observation.ts";
import { BOT } from "../story/happening.ts";
import type { Place } from "../story/place.ts";
import type { Names } from "./names.ts";
import { normalReply } from "./normal.ts";

/** What is left of the dashboard of a repository. */
export interface DashboardLeft {
  readonly title: string;
  readonly labels: readonly string[];
  readonly state: "open" | "closed";
  readonly isPinned: boolean;
  /** What it shows, by section. */
  readonly shown: Readonly<Record<string, string>>;
  /** Answers to ticks, and that it was closed; oldest first. */
  readonly said: readonly string[];
}

/** Null where there is none. */
export function dashboardLeft({ github, repository, dashboard }: Place, names: Names): DashboardLeft | null {
  const issue = dashboard.all().at(-1);
  if (issue === undefined) return null;
  const { number, title, labels, state, isPinned, body } = issue;
  const said = github.comments(repository, number).filter(({ author }) => author === BOT);
  return {
    title,
    labels: labels.toSorted(),
    state,
    isPinned,
    shown: normalDashboard(body, names),
    said: said.toSorted((one, other) => one.id - other.id).map((comment) => normalReply(comment.body, names)),
  };
}

const INCIDENTS = "Open incidents";
/**
 * How breakers and budgets went: read from the history of the control file, whose versions are what came together. A breaker whose
 * runs came in another order may be open in none of them, and then it has no chart.
 */
const HISTORIES = /^```mermaid\n(?:gantt|---\nconfig:[^`]*\nxychart-beta)\n[^`]*```$/gm;
/** The moment to which a budget lasts at the present rate follows from the moment of the drawing. */
const FORECAST = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?Z/g;

/** What a dashboard shows, by section, without what is of the moment. Every rule says why. */
export function normalDashboard(body: string, names: Pick<Names, "in">): Readonly<Record<string, string>> {
  // The marker is that of one drawing; that it is as the app drew it is waited for (`Dashboard.isAtRest`).
  const text = body.replace(/^<!-- batchkeeper:dashboard .*\n/, "").replaceAll(HISTORIES, "");
  const [head = "", ...sections] = names.in(text).split(/^### /m);
  const titled = sections.map((section) => {
    const [title = "", ...lines] = section.split("\n");
    return [title, lines.join("\n").trim()] as const;
  });
  return Object.fromEntries([
    // How many incidents are open differs for the reasons for which they are not compared; that the dashboard shows those that
    // there are is checked in each play.
    ["Head", head.replace(/ · \d+ open incidents?/, "").trim()],
    ...titled
      .filter(([title]) => title !== INCIDENTS)
      .map(([title, words]) => [title, title === "Budget" ? words.replaceAll(FORECAST, "…") : words]),
  ]);
}

/** Numbers of the incidents that a dashboard shows as open, ascending. */
export function incidentsShown(body: string): readonly number[] {
  const [, section = ""] = body.split(`### ${INCIDENTS}\n`);
  const [lines = ""] = section.split("\n### ");
  return [...lines.matchAll(/^- \S+ \S+ \[#(\d+)\]/gm)].map(([, number]) => Number(number)).sort((a, b) => a - b);
}

/** Whether an issue is the dashboard, or was: one that has lost a label is none any more. */
export function isDashboard({ body }: Pick<ObservedIssue, "body">): boolean {
  return readMarker(body, "dashboard") !== null;
}
