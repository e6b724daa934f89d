import { elapsed } from "../elapsed.ts";
import { printInstant } from "../instant.ts";
import { quote } from "../quote.ts";
import { type ClockPolicy, type ClockStep, MOST_ESCALATIONS } from "./clock.ts";
import type { Severity } from "./incident.ts";
import type { Entry } from "./incident-log.ts";

/** What a step of the clock says in the thread, and what it leaves in the log. */
export interface SaidStep {
  /** The same for the same step, however often it is taken. */
  readonly key: string;
  readonly text: string;
  readonly entries: readonly Entry[];
}

/** Puts a step of the clock into words. */
export function sayStep(step: ClockStep, severity: Severity, policy: ClockPolicy, now: number): SaidStep {
  switch (step.kind) {
    case "remind": {
      const key = `reminded:${step.percent}:${step.since}`;
      const text = `**Nobody has acknowledged this ${severity} incident yet**, and ${step.percent} % of its time are over: at ${printInstant(step.due)} it is escalated. \`/batch incident ack\`, a comment of an operator or an assignment stops the clock.`;
      return {
        key,
        text,
        entries: [{ at: now, kind: "reminded", key, by: "", words: `${step.percent} % of the time` }],
      };
    }
    case "remind-with-batch": {
      const key = `reminded:batch:${step.since}`;
      const text = `**This ${severity} incident is still open, and a batch has run since**: it is to be looked at with that (runbook, incident severity classification). \`/batch incident resolve\` closes it. Nobody is reminded of it again unless something changes here.`;
      return { key, text, entries: [{ at: now, kind: "reminded", key, by: "", words: "with the next batch" }] };
    }
    case "escalate":
      return sayEscalation(step, severity, policy, now);
    case "expire": {
      const key = `expired:${step.at}`;
      const text = `**The acknowledgement by ${quote(step.by, 40)} has expired**: nothing has happened here since. The clock of this ${severity} incident runs anew; \`/batch incident ack\` stops it.`;
      return { key, text, entries: [{ at: now, kind: "expired", key, by: "", words: "" }] };
    }
  }
}

function sayEscalation(
  { nth, since, severity: raised }: Extract<ClockStep, { kind: "escalate" }>,
  severity: Severity,
  policy: ClockPolicy,
  now: number,
): SaidStep {
  const key = `escalated:${nth}:${since}`;
  const isRaised = raised !== severity;
  const lines = [
    `${mentions(policy)}**Escalated: nobody has acknowledged this ${severity} incident within ${elapsed(now - since)}.**`,
    isRaised ? `It is raised to **${raised}** for that (runbook section 1, escalation).` : "",
    "`/batch incident ack` takes it on; `/batch stop — reason` stops the pipeline while nobody knows more.",
    nth === MOST_ESCALATIONS ? "This was the last escalation: nobody is called any more." : "",
  ];
  const entries: Entry[] = [
    { at: now, kind: "escalated", key, by: "", words: policy.mention.join(" ") },
    ...(isRaised ? [severityEntry({ at: now, key: `severity:${key}`, by: "" }, severity, raised, "")] : []),
  ];
  return { key, text: lines.filter((line) => line !== "").join("\n\n"), entries };
}

/** What the log says of another severity. */
export function severityEntry(
  of: Pick<Entry, "at" | "key" | "by">,
  before: Severity | null,
  after: Severity,
  reason: string,
): Entry {
  return { ...of, kind: "severity", words: `${before ?? "none"} to ${after}${reason === "" ? "" : `: ${reason}`}` };
}

/** The one place in which somebody is mentioned: names from the settings, which say what a name may be. */
export function mentions({ mention }: Pick<ClockPolicy, "mention">): string {
  return mention.length === 0 ? "" : `${mention.join(" ")}: `;
}
