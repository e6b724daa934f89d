import { budgetPolicy } from "../config/policy.ts";
import type { ControlFile } from "../domain/control/control-file.ts";
import type { Ecosystem } from "../domain/ecosystem.ts";
import { describeEnd, describeHold } from "../domain/holds/describe-hold.ts";
import type { Hold } from "../domain/holds/hold.ts";
import { blocking } from "../domain/holds/standing.ts";
import { printInstant } from "../domain/instant.ts";
import { quote } from "../domain/quote.ts";
import { messageOf } from "../github/failure.ts";
import type { IncidentIssue } from "../github/incident-issue.ts";
import { runsInFlight } from "../github/workflow-run.ts";
import { ecosystem } from "./arguments/ecosystem.ts";
import { breakerTable } from "./breaker-table.ts";
import { budgetSummary } from "./budget-text.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { unusableText } from "./control-change.ts";
import { breakerIncidents } from "./open-incidents.ts";

/** `/batch status`: the switch, the holds, the breakers, the budget, runs in flight and open incidents. */
export const status = command({
  verb: "status",
  summary: "Show what is stopped and why, the breakers, the budget, runs in flight and open incidents.",
  args: { ecosystem: ecosystem({ optional: true }) },
  needs: "read",
  whenLate: "run",
  leniency: "strict",
  examples: ["/batch status", "/batch status homebrew"],
  async run({ ecosystem: only }, context: CommandContext): Promise<Answer> {
    const { control, configuration } = context.reading;
    const [runs, open, givenUp] = await Promise.all([
      inFlight(context),
      listIncidents(context),
      deadLettersText(context),
    ]);
    const incidents = incidentsText(open);
    if (control.kind === "unusable") {
      const text = `${unusableText(configuration.settings.control_file, control.problem)}\n\n${[runs, incidents, givenUp].join("\n\n").trimEnd()}`;
      return { outcome: "failed", text };
    }
    const sections = [
      switchText(control.file, only),
      holdsText(only === null ? control.file.control.holds : blocking(control.file.control, only)),
      breakerTable(control.file.control, only, breakerIncidents("failed" in open ? [] : open.listed), context),
      budgetText(control.file, context),
      runs,
      incidents,
      givenUp,
      configurationText(context),
    ];
    return {
      outcome: "done",
      text: `As of ${printInstant(context.now)}.\n\n${sections.filter((text) => text !== "").join("\n\n")}`,
    };
  },
});

function switchText({ control }: ControlFile, only: Ecosystem | null): string {
  const scopes = [...new Set(control.holds.map(({ scope }) => scope))].sort();
  if (scopes.includes("*")) return "**Everything is stopped.**";
  if (only !== null) return scopes.includes(only) ? `**${only} is stopped.**` : `**No hold stops ${only}.**`;
  return scopes.length === 0 ? "**Nothing is stopped by a hold.**" : `**Stopped: ${scopes.join(", ")}.**`;
}

function holdsText(holds: readonly Hold[]): string {
  if (holds.length === 0) return "Holds: none.";
  const lines = holds.map((hold) => `- ${describeHold(hold)}${describeEnd(hold)}${link(hold)}`);
  return `Holds:\n${lines.join("\n")}`;
}

// The link of a hold is somebody's text: shown, not linked.
function link({ incidentUrl }: Hold): string {
  return incidentUrl === "" ? "" : ` See ${quote(incidentUrl, 200)}.`;
}

function budgetText({ control: { budget } }: ControlFile, { reading, now }: CommandContext): string {
  return budgetSummary(budget, budgetPolicy(reading.configuration.settings), now);
}

async function inFlight({ repository, reading }: CommandContext): Promise<string> {
  const { workflows } = reading.configuration.settings;
  try {
    const runs = await runsInFlight(repository, workflows);
    if (runs.length === 0) return "Runs in flight: none.";
    return `Runs in flight: ${runs.map(({ id, url, status }) => `[${id}](${url}) (${status.replace("_", " ")})`).join(", ")}.`;
  } catch (error) {
    return `Runs in flight: could not be read from GitHub (${quote(messageOf(error), 120)}).`;
  }
}

type OpenIncidents = { readonly listed: readonly IncidentIssue[] } | { readonly failed: string };

async function listIncidents({ repository, incidents }: CommandContext): Promise<OpenIncidents> {
  try {
    return { listed: await incidents.listOpen(repository) };
  } catch (error) {
    return { failed: messageOf(error) };
  }
}

function incidentsText(open: OpenIncidents): string {
  if ("failed" in open) return `Open incidents: could not be read from GitHub (${quote(open.failed, 120)}).`;
  if (open.listed.length === 0) return "Open incidents: none.";
  const lines = open.listed.map(
    ({ number, title, severity }) => `- #${number} ${severity ?? "unclassified"}: ${quote(title, 100)}`,
  );
  return `Open incidents:\n${lines.join("\n")}`;
}

const MOST_DEAD_LETTERS = 5;

/** What nobody sees otherwise: something happened here and could not be acted on. "" when there is none. */
async function deadLettersText({ deadLetters }: CommandContext): Promise<string> {
  const letters = await deadLetters(MOST_DEAD_LETTERS + 1);
  if (letters.length === 0) return "";
  const lines = letters
    .slice(0, MOST_DEAD_LETTERS)
    .map(
      ({ id, event, reason, at }) =>
        `- ${quote(event, 40)} ${quote(id, 60)} at ${printInstant(at)}: ${quote(reason, 120)}`,
    );
  const more = letters.length > MOST_DEAD_LETTERS ? "\n- and older ones" : "";
  return `**Events that could not be handled**, given up after several tries; whoever runs Batchkeeper puts them back with \`npm run inbox -- redrive\`:\n${lines.join("\n")}${more}`;
}

function configurationText({ reading }: CommandContext): string {
  const { length } = reading.configuration.problems;
  return length === 0
    ? ""
    : "The configuration file cannot be used; the last good settings are in force. An open incident names line and column.";
}
