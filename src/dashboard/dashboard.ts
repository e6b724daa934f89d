import { knownEcosystems } from "../config/known-ecosystems.ts";
import { claimedIds } from "../domain/batches/batch-claim.ts";
import type { Control } from "../domain/control/control.ts";
import { counted } from "../domain/counted.ts";
import { dayAndClock } from "../domain/gate/receipt.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { type Instant, parseInstant } from "../domain/instant.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import { batchStanding } from "../view/batch-standing.ts";
import type { Panorama } from "../view/board.ts";
import { answerDue, gravestFirst, incidentGrade } from "../view/incident-order.ts";
import { verdictOn } from "../view/verdict.ts";
import { printBox } from "./box.ts";
import { breakerChart, breakerSection } from "./breaker-section.ts";
import { budgetCharts, budgetSection, shareCharts } from "./budget-section.ts";
import { linkTo, list, partList, SIGNS } from "./markdown.ts";
import { offersOf } from "./offer.ts";

/** A part of the dashboard, and how soon it is left out when all of them are too much. */
interface Section {
  readonly title: string;
  readonly text: string;
  /** The heaviest goes first; 0 never goes. */
  readonly weight: number;
}

/** GitHub takes 65,536 characters; the marker and what people add to a line need some of them. */
const LONGEST = 60_000;

/**
 * Everything that the page shows of a repository, in Markdown, as it stands at `now`: the same view at the same moment is the
 * same text. Words from outside are quoted, and stand in charts as plain letters.
 */
export function dashboardText(view: Panorama, now: Instant): string {
  const { control } = view;
  const ready = control.kind === "ready" ? control.control : null;
  const sections: readonly Section[] = [
    { title: "", text: headText(view, now), weight: 0 },
    ...(ready === null
      ? []
      : [
          { title: "Commands", text: commandText(ready, view), weight: 0 },
          { title: "Holds", text: holdText(ready.holds), weight: 0 },
        ]),
    { title: "Open incidents", text: incidentText(view, now), weight: 0 },
    ...(ready === null
      ? []
      : [
          { title: "Circuit breakers", text: breakerSection(ready, view, now), weight: 1 },
          { title: "", text: breakerChart(view, now), weight: 5 },
          { title: "Budget", text: budgetSection(ready.budget, view, now), weight: 2 },
          { title: "", text: budgetCharts(ready.budget, view, now), weight: 4 },
          { title: "", text: shareCharts(ready.budget), weight: 5 },
        ]),
    { title: "Runs in flight", text: runText(view), weight: 3 },
    { title: "Recent batches", text: batchText(view), weight: 3 },
    { title: "", text: footText(now), weight: 0 },
  ];
  return fitted(sections);
}

/** The sections as one text, without the weightiest where all would be too long. */
function fitted(sections: readonly Section[]): string {
  const text = sections
    .filter((section) => section.text !== "")
    .map((section) => (section.title === "" ? section.text : `### ${section.title}\n\n${section.text}`))
    .join("\n\n");
  const heaviest = Math.max(...sections.map(({ weight }) => weight));
  if (text.length <= LONGEST || heaviest === 0) return text;
  const left = "(Left out: there is too much for one issue. `/batch status` tells it.)";
  return fitted(
    sections.map((section) =>
      section.weight === heaviest ? { ...section, text: section.title === "" ? "" : left, weight: 0 } : section,
    ),
  );
}

function headText(view: Panorama, now: Instant): string {
  const { control, incidents, runs, settings } = view;
  const { grade, title, facts } = verdictOn(view, now);
  const more = [
    ...(incidents.kind === "known" ? [counted(incidents.value.length, "open incident")] : []),
    ...(runs.kind === "known" ? [`${counted(runs.value.length, "run")} in flight`] : []),
  ];
  const problem =
    control.kind === "ready" ? "" : `\n\n${quote(settings.control_file)}: ${quote(control.problem.message)}`;
  const settingsProblem =
    view.settingsProblems === 0
      ? ""
      : "\n\nThe settings in `.github/batchkeeper.yml` cannot be used; the last good ones are in force. An open incident names line and column.";
  const letters =
    view.deadLetters.length === 0
      ? ""
      : `\n\nGiven up, because it could not be handled: ${counted(view.deadLetters.length, "event")}. \`/batch status\` lists what.`;
  return `## ${SIGNS[grade]} ${title}\n\n${[...facts, ...more].join(" · ")}${problem}${settingsProblem}${letters}`;
}

const MOST_BOXES = 60;

function commandText(control: Control, { settings }: Panorama): string {
  const offers = offersOf(control, knownEcosystems(settings, control));
  const boxes = offers.slice(0, MOST_BOXES).map(printBox).join("\n");
  const left = offers.length - MOST_BOXES;
  const more = left <= 0 ? "" : `\n\n… and ${left} more: comment the command.`;
  return `A tick gives the command, with the permission of whoever ticks; a comment below answers it.\n\n${boxes}${more}`;
}

const MOST_HOLDS = 15;

function holdText(holds: readonly Hold[]): string {
  return holds.length === 0 ? "Nothing is held." : list(holds, MOST_HOLDS, holdLine);
}

function holdLine({ id, scope, kind, by, at, until, reason, source, incidentUrl }: Hold): string {
  const why = reason === "" ? "" : `: ${quote(reason, 160)}`;
  const since = linkTo(source, `since ${dayAndClock(at)}`);
  const see = incidentUrl === "" ? "" : ` ${linkTo(incidentUrl, "See here.")}`;
  const lifted = `\`/batch resume --hold ${id}\`${kind === "security" ? " and a second operator lift it" : " lifts it"}`;
  return `**${scope === "*" ? "Everything" : scope}**, ${kind}, by ${quote(by, 40)} ${since}, ${endText(until, kind)}${why}. ${lifted}.${see}`;
}

function endText(until: Instant | null, kind: Hold["kind"]): string {
  if (until === null) return "until somebody lifts it";
  return kind === "operator" ? `until ${dayAndClock(until)}` : `expected until ${dayAndClock(until)}`;
}

const MOST_INCIDENTS = 20;

function incidentText({ incidents, settings }: Panorama, now: Instant): string {
  return partList(gravestFirst(incidents), { none: "No incident is open.", most: MOST_INCIDENTS }, (incident) => {
    const { severity, title, openedAt } = incident;
    const due = answerDue(incident, settings);
    const opened = openedAt === null ? "" : `, opened ${dayAndClock(openedAt)}`;
    const clock =
      due === null ? "" : due <= now ? `, **answer was due ${dayAndClock(due)}**` : `, answer due ${dayAndClock(due)}`;
    const sign = SIGNS[incidentGrade(incident)];
    return `${sign} ${severity ?? "unclassified"} ${numberLink(incident)} ${quote(title, 120)}${opened}${clock}`;
  });
}

const MOST_RUNS = 10;

function runText({ runs }: Panorama): string {
  return partList(runs, { none: "No batch run is under way.", most: MOST_RUNS }, ({ id, url, status }) =>
    linkTo(url, `run ${id}, ${status.replaceAll("_", " ")}`),
  );
}

const MOST_BATCHES = 8;

function batchText({ batches }: Panorama): string {
  if (batches.kind === "unknown") return partList(batches, { none: "", most: 0 }, () => "");
  const latest = { kind: "known", value: batches.value.batches.slice(0, MOST_BATCHES) } as const;
  return partList(latest, { none: "There are no batches yet.", most: MOST_BATCHES }, (pull) => {
    const { grade, words } = batchStanding(pull, batches.value);
    const ids = claimedIds(pull.claim).map(({ text }) => `${quote(text, 40)} `);
    const at = parseInstant(pull.mergedAt ?? pull.createdAt);
    return `${SIGNS[grade]} ${words}: ${ids.slice(0, 3).join("")}${numberLink(pull)} ${quote(pull.title, 120)}${at === null ? "" : `, ${dayAndClock(at)}`}`;
  });
}

function footText(now: Instant): string {
  return `---\n\nAs of ${dayAndClock(now)}. What is edited here by hand is drawn anew; \`dashboard: none\` in \`.github/batchkeeper.yml\` ends it.`;
}
