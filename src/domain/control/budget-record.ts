import { z } from "zod";
import { ALERT_KEY } from "../budget/alert.ts";
import { type Budget, type BudgetReading, type Reached, THRESHOLD_LEVELS, UNUSED } from "../budget/budget.ts";
import { parseHour, printHour } from "../budget/hour-of-use.ts";
import { parseJobs, printJobs } from "../budget/job-ledger.ts";
import { dictionary } from "../dictionary.ts";
import { parseInstant, printInstant } from "../instant.ts";
import type { Json } from "./json-edit.ts";
import { momentText, optionalMomentText, printOptionalMoment } from "./moment-text.ts";

const minutes = z.number().nonnegative();

/** Absent and null are nothing used, as to upstream's scripts. A date and a time are its date. */
const usage = z.object({
  macos_minutes_used: minutes.nullish(),
  linux_minutes_used: minutes.nullish(),
  week_start: z
    .string()
    .refine(
      (text) => text === "" || parseInstant(text.length === 10 ? `${text}T00:00:00Z` : text) !== null,
      "Invalid date: expected one like 2026-01-26",
    )
    .nullish(),
  sampling_active: z.boolean().nullish(),
});

const meteredMinutes = z.object({ macos: minutes.default(0), linux: minutes.default(0) });

const reached = z
  .object({ sampling: momentText.optional(), stop: momentText.optional(), exhausted: momentText.optional() })
  .default({})
  .transform(
    (levels): Reached =>
      Object.fromEntries(
        THRESHOLD_LEVELS.flatMap((level) => (levels[level] === undefined ? [] : [[level, levels[level]]])),
      ),
  );

const ownBudget = z.object({
  ecosystems: dictionary(meteredMinutes).default(new Map()),
  jobs: z
    .array(z.string())
    .default([])
    .transform((texts, context) => parseJobs(texts) ?? refuse(context, "Invalid jobs: expected ids of jobs")),
  alerts: z.array(z.string().regex(ALERT_KEY, "Invalid alert: expected one like 2026-W05:80:macos")).default([]),
  week: z.string().optional(),
  since: optionalMomentText,
  unmetered: z
    .object({ windows: minutes.default(0), "self-hosted": minutes.default(0), unknown: minutes.default(0) })
    .default(UNUSED.unmetered),
  idle: z.object({ jobs: minutes.default(0), minutes: minutes.default(0) }).default(UNUSED.idle),
  hours: z
    .array(
      z
        .string()
        .transform(
          (text, context) => parseHour(text) ?? refuse(context, "Invalid hour: expected 2026-01-29T14Z 12 340"),
        ),
    )
    .default([]),
  reached: z.object({ macos: reached, linux: reached }).default(UNUSED.reached),
});

const UNUSED_OWN: z.output<typeof ownBudget> = ownBudget.parse({});

/**
 * The budget that upstream's part and ours describe together. When `week_start` is not the week that our part is of,
 * somebody has reset the budget without us, as the runbook's section 4 teaches it: what we knew of its minutes is of
 * another week then, and only what was counted and told stays known.
 *
 * @param upstream the value of `budget`
 * @param own the value of `batchkeeper.budget`
 */
export function readBudget(upstream: unknown, own: unknown): BudgetReading {
  const said = usage.nullish().safeParse(upstream);
  if (!said.success) return unreadable("budget", said.error);
  const known = ownBudget.nullish().safeParse(own);
  if (!known.success) return unreadable("batchkeeper.budget", known.error);
  const weekStart = said.data?.week_start ?? "";
  const { week = weekStart, ...counted } = known.data ?? UNUSED_OWN;
  const detail = week === weekStart ? counted : { jobs: counted.jobs, alerts: counted.alerts };
  return {
    kind: "readable",
    budget: {
      ...UNUSED,
      ...detail,
      used: { macos: said.data?.macos_minutes_used ?? 0, linux: said.data?.linux_minutes_used ?? 0 },
      weekStart,
      sampling: said.data?.sampling_active ?? false,
    },
  };
}

/** Upstream's part, in upstream's order. */
export function printUsage({ used, weekStart, sampling }: Budget): Record<string, Json> {
  return {
    macos_minutes_used: used.macos,
    linux_minutes_used: used.linux,
    week_start: weekStart,
    sampling_active: sampling,
  };
}

/** Our part without the ecosystems, in the order of the file. */
export function printOwnBudget(budget: Budget): Record<string, Json> {
  const { jobs, alerts, weekStart, since, unmetered, idle, hours, reached } = budget;
  return {
    jobs: printJobs(jobs),
    alerts,
    week: weekStart,
    since: printOptionalMoment(since),
    unmetered,
    idle,
    hours: hours.map(printHour),
    reached: { macos: printReached(reached.macos), linux: printReached(reached.linux) },
  };
}

function printReached(reached: Reached): Record<string, string> {
  return Object.fromEntries(Object.entries(reached).map(([level, at]) => [level, printInstant(at)]));
}

function unreadable(place: string, { issues: [issue] }: z.ZodError): BudgetReading {
  const path = [place, ...(issue?.path ?? [])].join(".");
  return { kind: "unreadable", problem: `${path}: ${issue?.message}` };
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}
