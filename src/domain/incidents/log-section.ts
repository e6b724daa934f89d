import { elapsed } from "../elapsed.ts";
import { type Instant, printInstant } from "../instant.ts";
import { type ClockPolicy, MOST_ESCALATIONS, readClock } from "./clock.ts";
import type { Severity } from "./incident.ts";
import { EMPTY_LOG, type IncidentLog, printLog, readLog } from "./incident-log.ts";
import { timelineText } from "./timeline.ts";

// As with the causes: between these lines all is written anew, what people write around it stays.
const BEGIN = "<!-- batchkeeper-log ";
const END = "<!-- /batchkeeper-log -->";
const SECTION_WHOLE = /^<!-- batchkeeper-log \{.*\} -->\r?\n[\s\S]*?^<!-- \/batchkeeper-log -->$/m;
const SECTION = /^<!-- batchkeeper-log (\{.*\}) -->\r?\n[\s\S]*?^<!-- \/batchkeeper-log -->$/m;

/** The log that a body carries; null where there is none, or somebody has made it unreadable. */
export function logIn(body: string): IncidentLog | null {
  const text = SECTION.exec(body)?.[1];
  return text === undefined ? null : readLog(text);
}

/** The log of an incident of which only the beginning is known. */
export function newLog(at: Instant, words = ""): IncidentLog {
  return { ...EMPTY_LOG, entries: [{ at, kind: "detected", key: "detected", by: "", words }] };
}

/** A body with its clock and its timeline written anew; at its end when it has none. */
export function replaceLog(body: string, log: IncidentLog, severity: Severity, policy: ClockPolicy): string {
  const section = [
    `${BEGIN}${printLog(log)} -->`,
    "### Escalation",
    clockText(log, severity, policy),
    "",
    "### Timeline",
    timelineText(log),
    END,
  ].join("\n");
  if (!SECTION.test(body)) return `${cut(body, LONGEST_BODY - section.length)}\n\n${section}`;
  const [before = "", ...after] = body.split(SECTION_WHOLE);
  const room = LONGEST_BODY - section.length - after.join("").length;
  return `${before.length <= room ? before : `${cut(before, room)}\n\n`}${section}${after.join("")}`;
}

// GitHub takes 65,536 characters, with a marker before them. The log must never be what is lost.
const LONGEST_BODY = 59_000;

function cut(text: string, most: number): string {
  const whole = text.trimEnd();
  return whole.length <= most
    ? whole
    : `${whole.slice(0, Math.max(0, most - 40)).toWellFormed()}\n\n… (cut: too long for GitHub)`;
}

/** Where the clock stands, and what it does next (runbook, "Incident Severity Classification"). */
export function clockText(log: IncidentLog, severity: Severity, policy: ClockPolicy): string {
  const clock = readClock(log, severity, policy);
  const response = policy.responses[severity];
  const within = response === null ? "look at it with the next batch" : `answer within ${elapsed(response)}`;
  const asked = `**${severity}**: ${within} (runbook, incident severity classification).`;
  switch (clock.kind) {
    case "over":
      return `**${severity}**: resolved.`;
    case "next-batch":
      return `${asked} It is reminded of once a batch has run.`;
    case "untimed":
      return `${asked} Nobody is reminded.`;
    case "exhausted":
      return `${asked} **Nobody has answered.** It was escalated ${MOST_ESCALATIONS} times, and is not any more.`;
    case "acknowledged":
      return `${asked} Acknowledged at ${printInstant(clock.at)}; that holds until ${printInstant(clock.until)}, and longer with everything that happens here.`;
    case "running": {
      const { since, due, escalations } = clock;
      const again = escalations === 0 ? "" : ` again (${escalations} of ${MOST_ESCALATIONS} until now)`;
      const reminders =
        escalations === 0
          ? ` Reminders at ${printInstant(since + clock.response / 2)} and ${printInstant(since + clock.response * 0.8)}.`
          : "";
      return `${asked} **Not acknowledged**: \`/batch incident ack\`, a comment of an operator or an assignment does it.${reminders} At ${printInstant(due)} it is escalated${again} to ${namesText(policy)}.`;
    }
  }
}

/** Whom an escalation mentions, without mentioning them. */
function namesText({ mention }: ClockPolicy): string {
  return mention.length === 0
    ? "nobody in particular: `incidents.mention` of `.github/batchkeeper.yml` is empty"
    : mention.map((name) => `\`${name}\``).join(", ");
}
