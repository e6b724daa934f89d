import fc from "fast-check";
import { anEcosystem, kind } from "../happening.ts";

const THRESHOLD = 5;
const RECOVERY = 3_600_000;

/**
 * The script of the pipeline counts an outcome by itself (`update_breaker.sh`): another writer of the same entries. It works
 * on the file that it finds, so all runs before it are to be counted first.
 */
export const pipelineScript = kind({
  name: "pipeline script",
  weight: 2,
  details: fc.record({
    ecosystem: anEcosystem,
    outcome: fc.constantFrom("success" as const, "failure" as const),
    hours: fc.integer({ min: 1, max: 3 }),
    minutes: fc.integer({ min: 0, max: 29 }),
  }),
  async perform({ ecosystem, outcome, hours, minutes }, place) {
    await place.counted();
    const { completedAt } = place.timetable.next(hours, minutes);
    place.editControl("olga", "chore(batch): update batch state", (control) => {
      const breakers = control.circuit_breaker as Record<string, Entry>;
      return {
        ...control,
        circuit_breaker: { ...breakers, [ecosystem]: after(breakers[ecosystem], outcome, completedAt) },
      };
    });
  },
});

interface Entry {
  readonly state: string;
  readonly failures: number;
  readonly last_failure?: string;
  readonly opens_at?: string;
}

/** What the script makes of an entry: a success closes whatever was, the fifth failure opens, an open one stays. */
function after(entry: Entry = { state: "closed", failures: 0 }, outcome: "success" | "failure", at: string): Entry {
  if (outcome === "success") return { ...entry, state: "closed", failures: 0 };
  if (entry.state === "open") return entry;
  const failures = entry.failures + 1;
  const last_failure = printed(Date.parse(at));
  if (entry.state === "closed" && failures < THRESHOLD) return { ...entry, failures, last_failure };
  return { ...entry, state: "open", failures, last_failure, opens_at: printed(Date.parse(at) + RECOVERY) };
}

function printed(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}
