import { z } from "zod";
import {
  count,
  duration,
  ecosystemName,
  minutes,
  mode,
  outcomeSource,
  percent,
  price,
  repositoryPath,
  share,
  timeZone,
  WEEKDAYS,
} from "./setting-kinds.ts";

/**
 * `.github/batchkeeper.yml`: every key optional. This schema is the validation, the defaults and, through its
 * descriptions, the reference in docs/configuration.md.
 */
export const configurationSchema = z.strictObject({
  control_file: repositoryPath
    .default("batch-control.json")
    .describe("The file that holds breakers, holds and budget, on the default branch."),
  workflows: z
    .array(z.string().regex(/^[\w.-]+\.ya?ml$/, "the file name of a workflow, for example batch-generate.yml"))
    .min(1)
    .default(["batch-generate.yml", "batch-operations.yml"])
    .describe("The batch workflows, by file name. Runs of other workflows are ignored."),
  recipes: repositoryPath
    .default("recipes/")
    .describe("The folder of the recipes. Nothing outside it is ever rolled back."),
  aliases: z
    .record(z.string().max(64), ecosystemName)
    .default({ cargo: "crates.io" })
    .describe("Other names of ecosystems, each with the name that counts."),
  ecosystems: z
    .record(ecosystemName, z.strictObject({ critical: z.boolean().default(false), slo: share.optional() }))
    .default({})
    .describe(
      "The ecosystems that commands know by name from the start. One that is critical is stopped by no budget; `slo` is its success rate objective, 0 to 1: 0.85 for homebrew, 0.95 for cask and 0.98 for all others, if it is not said.",
    ),
  outcomes: z
    .array(outcomeSource)
    .min(1)
    .default([
      { from: "artifact", name: "batch-results" },
      { from: "file", path: "data/queues/batch-results.json" },
      { from: "jobs", pattern: String.raw`\((?<ecosystem>[^(),]+)` },
    ])
    .describe(
      "Where a run says what happened to each ecosystem; the first that answers wins. `artifact`: JSON in an artifact of that name. `file`: the same JSON in a file that the head commit of the run changed. `jobs`: one part for each matrix job, whose name tells the ecosystem by a regular expression of RE2's kind (no lookaround, no back references).",
    ),
  breaker: z
    .strictObject({
      consecutive: count.default(5).describe("Failing runs in a row that open the breaker."),
      window: count.default(10).describe("Latest runs over which the failure rate is taken."),
      min_calls: count.default(4).describe("Fewest runs in the window before the rate counts."),
      failure_rate: share.default(0.5).describe("Share of failed recipes at or above which the breaker opens."),
      recovery: duration.prefault("60m").describe("Time before an open breaker is probed."),
      backoff: z
        .number()
        .min(1)
        .max(10)
        .default(2)
        .describe("Factor by which the recovery time grows with every failed probe."),
      max_recovery: duration.prefault("24h").describe("Longest recovery time."),
      probes: count.default(1).describe("Successful probes that close the breaker."),
      escalate_after: count.default(3).describe("Openings in a row after which the incident becomes high."),
    })
    .prefault({})
    .describe("When a circuit breaker opens and how it recovers."),
  budget: z
    .strictObject({
      macos_minutes: minutes.default(1000).describe("macOS minutes a week."),
      linux_minutes: minutes.default(5000).describe("Linux minutes a week."),
      sampling_at: percent.default(80).describe("Percent of a budget at which sampling starts."),
      stop_at: percent.default(90).describe("Percent of a budget at which non-critical ecosystems stop."),
      week_starts: z.enum(WEEKDAYS).default("monday").describe("The day on which the budget week starts."),
      timezone: timeZone.default("UTC").describe("Time zone of the budget week."),
      non_critical: z
        .array(ecosystemName)
        .default([])
        .describe("Ecosystems that stop first; empty: all that are not critical."),
      runners: z
        .record(z.string().min(1).max(100), z.enum(["macos", "linux", "windows", "self-hosted"]))
        .default({})
        .describe("What runner labels stand for that name no system, such as `{ big-box: linux }`."),
      prices: z
        .strictObject({
          macos: price.default(0.062).describe("Dollars a macOS minute."),
          linux: price.default(0.006).describe("Dollars a Linux minute."),
          windows: price.default(0.01).describe("Dollars a Windows minute."),
          "self-hosted": price.default(0).describe("Dollars a minute on runners of your own."),
        })
        .prefault({})
        .describe(
          "What a minute costs. GitHub's list prices of standard runners; it bills none in public repositories.",
        ),
    })
    .refine(({ sampling_at, stop_at }) => sampling_at <= stop_at, {
      path: ["stop_at"],
      message: "sampling starts before ecosystems stop: stop_at is at least sampling_at",
    })
    .prefault({})
    .describe("The weekly CI budget."),
  operators: z
    .strictObject({
      permission: z
        .enum(["triage", "write", "maintain", "admin"])
        .default("write")
        .describe("Repository role that an operator needs."),
      teams: z
        .array(z.string().regex(/^[\w.-]+$/))
        .default([])
        .describe("Team slugs of the organization whose members are operators too."),
      second_operator: z
        .strictObject({
          rollback_over: z
            .number()
            .int()
            .min(0)
            .default(10)
            .describe(
              "Recipes over which a rollback is for a second operator: a review is asked of the others, and this app merges it only when one of them approves.",
            ),
          security: z
            .boolean()
            .default(true)
            .describe(
              "Whether lifting a security hold needs a second operator; where it does, no edit by hand lifts one either.",
            ),
        })
        .prefault({})
        .describe("When two people are needed."),
    })
    .prefault({})
    .describe("Who may command."),
  pull_requests: z
    .strictObject({
      stop: mode.default("merge").describe("How the pull request of a stop lands."),
      resume: mode.default("merge").describe("How the pull request of a resume lands."),
      budget: mode.default("merge").describe("How the pull request of a budget change lands."),
      breaker: mode.default("merge").describe("How the pull request of a breaker change lands."),
      rollback: mode.default("review").describe("How a rollback lands."),
    })
    .prefault({})
    .describe(
      "What becomes of the bot's pull requests: `merge` at once; `when-green` has GitHub merge once the required checks are green, where the repository allows auto-merge, else a person; `review` leaves the merge to a person. What waits is kept up to date.",
    ),
  incidents: z
    .strictObject({
      mention: z
        .array(z.string().regex(/^@?[\w-]+(\/[\w.-]+)?$/))
        .max(5, "five are enough: name a team")
        .default([])
        .describe("People and teams that an escalation mentions, such as `olga` or `acme/owners`; at most five."),
      stale_after: duration
        .prefault("3h")
        .describe("Time without a batch run after which it is an incident that the pipeline stands still."),
      clocks: z
        .strictObject({
          critical: duration.prefault("1h").describe("Response time of a critical incident."),
          high: duration.prefault("4h").describe("Response time of a high incident."),
          medium: duration.prefault("24h").describe("Response time of a medium incident."),
        })
        .prefault({})
        .describe(
          "Response times by severity (runbook, incident severity classification): reminders at 50 % and 80 %, escalation at 100 %. A low incident has none: it is reminded of once with the next batch.",
        ),
      acknowledgement_lasts: count
        .default(4)
        .describe("Response times after which an acknowledgement expires, if nothing happens in the incident."),
      advisory: z
        .enum(["draft", "off"])
        .default("draft")
        .describe(
          "Whether a security advisory is drafted when a drift or a suspected compromise is found: `draft`, never published, where the app has the permission `Repository security advisories: write`; `off`, never.",
        ),
    })
    .prefault({})
    .describe("How incidents behave."),
  supply_chain: z
    .strictObject({
      stop: z
        .boolean()
        .default(true)
        .describe("Whether what is critical stops the pipeline at once, by a security hold."),
      downloads_a_day: z
        .number()
        .int()
        .min(0)
        .max(1000)
        .default(0)
        .describe(
          "Files a day that are downloaded to verify recipes again, in rotation; 0: none. One has a gigabyte at most.",
        ),
    })
    .prefault({})
    .describe("How changes of recipes, and of what they download, are watched."),
  dashboard: z
    .enum(["none", "issue"])
    .default("none")
    .describe(
      "`issue`: one issue, pinned where there is room, shows how the pipeline stands, with boxes that act as commands when an operator ticks them (docs/dashboard.md).",
    ),
  gate: z
    .strictObject({
      pull_requests: z
        .string()
        .max(100)
        .default("batch/*")
        .describe(
          "Head branches of batch pull requests: `*` is anything but a slash, `**` that too. A rollback finds a batch by what stands before the first `*`.",
        ),
      check: z.string().min(1).max(100).default("Batch gate").describe("Name of the gate's check run."),
    })
    .prefault({})
    .describe("Batch pull requests, and the check that holds them while something is stopped."),
});

/** A repository's settings, complete with defaults; durations in milliseconds. */
export type Configuration = z.output<typeof configurationSchema>;

/** The settings of a repository without `.github/batchkeeper.yml`. */
export const DEFAULT_CONFIGURATION: Configuration = configurationSchema.parse({});
