import { clockPolicy } from "../config/policy.ts";
import { mentions, severityEntry } from "../domain/incidents/clock-words.ts";
import { type Severity, UNCLASSIFIED } from "../domain/incidents/incident.ts";
import type { Entry } from "../domain/incidents/incident-log.ts";
import { clockText } from "../domain/incidents/log-section.ts";
import { acknowledgedEntry } from "../domain/incidents/participation.ts";
import { durationsText } from "../domain/incidents/post-mortem.ts";
import { reportedIncident } from "../domain/incidents/reported-incident.ts";
import { numberLink } from "../domain/number-link.ts";
import { quote } from "../domain/quote.ts";
import type { IncidentIssue } from "../github/incident-issue.ts";
import { choice } from "./arguments/choice.ts";
import { issueNumber } from "./arguments/issue-number.ts";
import { rest } from "./arguments/rest.ts";
import { severity } from "./arguments/severity.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";

/** `/batch incident`: an incident from its opening to its end, by people. */
export const incident = command({
  verb: "incident",
  summary: "Open an incident, or acknowledge, classify, escalate or resolve the one of this thread or of a number.",
  args: {
    action: choice("open", "ack", "severity", "escalate", "resolve"),
    level: severity(),
    number: issueNumber(),
    reason: rest(),
  },
  needs: "read",
  needsWith: ({ action }) => (action === null ? "read" : "write"),
  // Each says what somebody has seen or decided, which being late makes no less true.
  whenLate: "run",
  leniency: "strict",
  examples: [
    "/batch incident open critical — a recipe points to a host that nobody knows",
    "/batch incident ack #12",
    "/batch incident severity high — only npm is affected",
    "/batch incident escalate — I need somebody who knows the registry",
    "/batch incident resolve — the mirror is back",
    "/batch incident",
  ],
  async run({ action, level, number, reason }, context: CommandContext): Promise<Answer> {
    if (action === "open") return open(level ?? "high", reason, context);
    const { incidents, repository, request } = context;
    const issue = await incidents.read(repository, number ?? request.issue.number);
    if (issue === null) return noIncident(number, context);
    if (action === null) return { outcome: "done", text: `${numberLink(issue)}: ${clockOf(issue, context)}` };
    // The same comment delivered again finds what it did.
    if (didBefore(issue, `resolved:${commandId(context)}`)) return resolvedAnswer(issue);
    if (!issue.isOpen)
      return { outcome: "refused", text: `Nothing was changed: ${numberLink(issue)} is closed already.` };
    switch (action) {
      case "ack":
        return acknowledge(issue, reason, context);
      case "severity":
        return classify(issue, level, reason, context);
      case "escalate":
        return escalate(issue, reason, context);
      case "resolve":
        return resolve(issue, reason, context);
    }
  },
});

async function open(level: Severity, what: string, context: CommandContext): Promise<Answer> {
  const { incidents, repository, request } = context;
  const { login: by } = request.operator;
  const report = { command: commandId(context), by, url: request.comment.url, what, severity: level };
  const issue = await incidents.raise(repository, reportedIncident(report));
  const known = what === "" ? " Say there what is known." : "";
  return {
    outcome: "done",
    text: `**Opened**: ${numberLink(issue)}. ${clockOf(issue, context)}${known}`,
    incidentUrl: issue.url,
  };
}

async function acknowledge(issue: IncidentIssue, words: string, context: CommandContext): Promise<Answer> {
  const { incidents, repository, request } = context;
  const entry = acknowledgedEntry(commandId(context), context.now, request.operator.login, words);
  const noted = await incidents.record(repository, issue, [entry]);
  return { outcome: "done", text: `**Acknowledged**: ${numberLink(issue)}. ${clockOf(noted, context)}` };
}

async function classify(
  issue: IncidentIssue,
  level: Severity | null,
  reason: string,
  context: CommandContext,
): Promise<Answer> {
  const { incidents, repository, request, now } = context;
  if (level === null) {
    const text = "Nothing was changed: say which severity, `/batch incident severity high — reason`.";
    return { outcome: "refused", text };
  }
  const key = `severity:${commandId(context)}`;
  if (level === issue.severity && !didBefore(issue, key))
    return { outcome: "done", text: `Nothing was changed: ${numberLink(issue)} is ${level} already.` };
  const of = { at: now, key, by: request.operator.login };
  const noted = await incidents.record(repository, issue, [severityEntry(of, issue.severity, level, reason)], level);
  return { outcome: "done", text: `**Now ${level}**: ${numberLink(issue)}. ${clockOf(noted, context)}` };
}

async function escalate(issue: IncidentIssue, reason: string, context: CommandContext): Promise<Answer> {
  const { incidents, repository, request, now, reading } = context;
  const policy = clockPolicy(reading.configuration.settings);
  if (policy.mention.length === 0) {
    const text = "**Nobody was called**: `incidents.mention` of `.github/batchkeeper.yml` names nobody.";
    return { outcome: "refused", text };
  }
  const { login: by } = request.operator;
  const key = `escalated:${commandId(context)}`;
  const why = reason === "" ? "" : `: ${quote(reason)}`;
  const text = `${mentions(policy)}**Escalated by ${quote(by, 40)}**${why}`;
  await incidents.say(repository, issue, { key, text });
  const entry: Entry = { at: now, kind: "escalated", key, by, words: reason };
  await incidents.record(repository, issue, [entry]);
  return {
    outcome: "done",
    text: `**Escalated**: ${policy.mention.map((name) => `\`${name}\``).join(", ")} were called in ${numberLink(issue)}.`,
  };
}

async function resolve(issue: IncidentIssue, reason: string, context: CommandContext): Promise<Answer> {
  const { incidents, repository, request } = context;
  const { login: by } = request.operator;
  const text = `**Resolved by ${quote(by, 40)}**${reason === "" ? "." : `: ${quote(reason)}`}`;
  const resolved = await incidents.resolve(repository, issue, { key: commandId(context), text }, by, reason);
  return resolvedAnswer(resolved);
}

function resolvedAnswer(issue: IncidentIssue): Answer {
  return { outcome: "done", text: `**Resolved**: ${numberLink(issue)}. ${durationsText(issue.log)}` };
}

function didBefore({ log }: IncidentIssue, key: string): boolean {
  return log.entries.some((entry) => entry.key === key);
}

/** The answer where there is no such incident: those that are open. */
async function noIncident(number: number | null, { incidents, repository }: CommandContext): Promise<Answer> {
  const open = await incidents.listOpen(repository);
  const where = number === null ? "This thread is no incident" : `#${number} is no incident`;
  const list =
    open.length === 0
      ? "None is open; `/batch incident open — what happened` opens one."
      : `Open are ${open.map(({ number: other, severity: level }) => `#${other} (${level ?? "unclassified"})`).join(", ")}: name one, \`/batch incident ack #${open[0]?.number}\`.`;
  return { outcome: "refused", text: `Nothing was changed: ${where}. ${list}` };
}

function clockOf({ log, severity: level }: IncidentIssue, { reading }: CommandContext): string {
  return clockText(log, level ?? UNCLASSIFIED, clockPolicy(reading.configuration.settings));
}

function commandId({ request: { comment, position } }: CommandContext): string {
  return `${comment.id}.${position}`;
}
