import { type Instant, printInstant } from "../instant.ts";
import { mermaidText } from "../mermaid-text.ts";
import { quote } from "../quote.ts";
import type { Entry, EntryKind, IncidentLog } from "./incident-log.ts";

const NAMES: Readonly<Record<EntryKind, string>> = {
  run: "run",
  detected: "detected",
  reopened: "opened again",
  severity: "severity",
  changed: "changed",
  command: "command",
  pull: "pull request",
  comment: "comment",
  acknowledged: "acknowledged",
  reminded: "reminded",
  escalated: "escalated",
  expired: "acknowledgement expired",
  flapping: "flapping",
  recovered: "recovered",
  resolved: "resolved",
};

/** What is too small for the picture: the text has it. */
const NOT_DRAWN: ReadonlySet<EntryKind> = new Set(["comment"]);

/** The log as a Mermaid timeline, a section for each day, and as a list. */
export function timelineText(log: IncidentLog): string {
  return [picture(log.entries), listing(log)].join("\n\n");
}

/** The log as a list in the order of time. */
export function listing({ entries, left }: IncidentLog): string {
  const lines = entries.map(
    ({ at, kind, by, words }) =>
      `- ${printInstant(at)} **${NAMES[kind]}**${by === "" ? "" : ` by ${quote(by, 60)}`}${words === "" ? "" : `: ${quote(words)}`}`,
  );
  return [...lines, ...(left === 0 ? [] : [`- (${left} smaller entries were left out)`])].join("\n");
}

function picture(entries: readonly Entry[]): string {
  const days = Map.groupBy(
    entries.filter(({ kind }) => !NOT_DRAWN.has(kind)),
    ({ at }) => printInstant(at).slice(0, 10),
  );
  const lines = [...days].flatMap(([day, ofDay]) => [
    `    section ${day}`,
    ...ofDay.map((entry) => `        ${clockTime(entry.at)} : ${drawn(entry)}`),
  ]);
  return ["```mermaid", "timeline", ...lines, "```"].join("\n");
}

/** `03h15`: a colon would end the time in Mermaid's syntax. */
function clockTime(at: Instant): string {
  return printInstant(at).slice(11, 16).replace(":", "h");
}

const LONGEST_DRAWN = 60;

function drawn({ kind, by, words }: Entry): string {
  const text = [NAMES[kind], by === "" ? "" : `by ${by}`, words].filter((part) => part !== "").join(" ");
  return mermaidText(text, LONGEST_DRAWN);
}
