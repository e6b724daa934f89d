import type { BreakerPolicy } from "../breaker/breaker.ts";
import { describeBreaker } from "../breaker/describe-breaker.ts";
import type { Ecosystem } from "../ecosystem.ts";
import { describeHold } from "../holds/describe-hold.ts";
import type { Hold } from "../holds/hold.ts";
import { type Instant, printInstant } from "../instant.ts";
import { shortHash } from "../short-hash.ts";
import type { Touched } from "./touched.ts";
import type { Blocker, Verdict } from "./verdict.ts";

/** A verdict as a check run shows it, in Markdown. */
export interface GateReport {
  readonly conclusion: "success" | "failure";
  readonly title: string;
  readonly summary: string;
  /** The same for the same report: a check run that bears it need not be written again. */
  readonly digest: string;
}

/** Puts a verdict into words. Nothing in it depends on the moment, so that the same stops give the same report. */
export function gateReport(verdict: Verdict, policy: BreakerPolicy): GateReport {
  const report = reportOf(verdict.kind === "failing" ? "failure" : "success", words(verdict, policy));
  // What a batch that nothing holds is of may be known at one time and not at another: no reason to write it again.
  return verdict.kind === "passing" && verdict.touched?.size !== 0 ? { ...report, digest: "success:nothing" } : report;
}

/** The report of this app's own changes of the control file. */
export function controlReport(): GateReport {
  return reportOf("success", EXEMPT.control);
}

function reportOf(
  conclusion: GateReport["conclusion"],
  { title, summary }: Pick<GateReport, "title" | "summary">,
): GateReport {
  return { conclusion, title, summary, digest: `${conclusion}:${shortHash(title)}${shortHash(summary)}` };
}

function words(verdict: Verdict, policy: BreakerPolicy): Pick<GateReport, "title" | "summary"> {
  switch (verdict.kind) {
    case "failing": {
      const lines = verdict.blockers.map((blocker) => `- ${blockerText(blocker, policy)}`);
      const summary = `This batch must not merge while this stands:\n\n${lines.join("\n")}\n\n${touchedText(verdict.touched)}`;
      return { title: `Held: ${subjects(verdict.blockers)}`, summary };
    }
    case "passing":
      return { title: "Nothing holds this batch", summary: passingText(verdict.touched) };
    case "exempt":
      return EXEMPT[verdict.why];
  }
}

const EXEMPT = {
  "no batch": { title: "No batch", summary: "This is no batch of recipes, so no stop holds it." },
  control: {
    title: "A change of the control file is not held",
    summary: "This changes what is stopped. No stop may stand in its way.",
  },
  rollback: {
    title: "A rollback is not held",
    summary: "This takes a batch back. A stop holds what is new, and never the way back.",
  },
  acceptance: {
    title: "An accepted checksum is not held",
    summary: "This gives a recipe the checksum of what two people accept. The stop that the drift set stays.",
  },
} as const;

function subjects(blockers: readonly Blocker[]): string {
  if (blockers.some((blocker) => blocker.kind === "hold" && blocker.hold.scope === "*")) return "everything is stopped";
  const stopped = new Set(blockers.flatMap((blocker) => (blocker.kind === "hold" ? [blocker.hold.scope] : [])));
  const open = new Set(blockers.flatMap((blocker) => (blocker.kind === "breaker" ? [blocker.ecosystem] : [])));
  const list = new Intl.ListFormat("en");
  return [
    ...(stopped.size === 0 ? [] : [`${list.format(stopped)} ${stopped.size === 1 ? "is" : "are"} stopped`]),
    ...(open.size === 0 ? [] : [`circuit breaker of ${list.format(open)} open`]),
  ].join(", ");
}

function blockerText(blocker: Blocker, policy: BreakerPolicy): string {
  if (blocker.kind === "hold") return `Hold ${describeHold(blocker.hold)} ${howToLift(blocker.hold)}`;
  const { ecosystem, breaker } = blocker;
  // As of a moment before anything is due: what is said must not change by the clock.
  const described = describeBreaker(breaker, policy, Number.NEGATIVE_INFINITY);
  const since = described.state === "open" && described.since !== null ? ` since ${printInstant(described.since)}` : "";
  return `The circuit breaker of ${ecosystem} is open${since}, because its runs failed. ${breakerEnd(ecosystem, breaker.opensAt)}`;
}

function breakerEnd(ecosystem: Ecosystem, opensAt: Instant | null): string {
  const reset = `\`/batch breaker ${ecosystem} reset\` closes it by hand.`;
  return opensAt === null
    ? `It stays open until a person resets it: ${reset}`
    : `From ${printInstant(opensAt)} on it is tried again, and this check passes; ${reset}`;
}

function howToLift({ id, kind }: Hold): string {
  return kind === "security"
    ? `\`/batch resume --hold ${id}\` asks for its end; a security hold takes a second operator.`
    : `The comment \`/batch resume --hold ${id}\` on any issue lifts it.`;
}

function passingText(touched: Touched | null): string {
  const nothing = "No stop and no open circuit breaker covers this batch.";
  return touched === null ? nothing : `${nothing} ${touchedText(touched)}`;
}

function touchedText(touched: Touched | null): string {
  if (touched === null)
    return "A stop of everything holds every batch, also one that nobody can tell the ecosystems of.";
  if (touched.size === 0)
    return "Which ecosystems this batch is of cannot be told from its results, its recipes, its title or its body: only a stop of everything holds it.";
  const named = [...touched]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, evidence]) => `${name} (${evidence.join(", ")})`);
  return `Ecosystems of this batch, and what names them: ${named.join(", ")}.`;
}
