import type { Report } from "../report.ts";
import { measureBurst } from "./burst.ts";
import { measureIntake } from "./intake.ts";

/** How the embedded inbox takes webhooks over, and what a burst over many repositories costs to its last commit. */
export async function benchInbox(): Promise<Report> {
  const intake = await measureIntake();
  const burst = await measureBurst();
  return {
    title: "The embedded inbox",
    text: [...intake.text, ...burst.text],
    measures: [...intake.measures, ...burst.measures],
  };
}
