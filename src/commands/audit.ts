import { batchPlace } from "../config/policy.ts";
import { DAY, printInstant } from "../domain/instant.ts";
import { arrivalLine } from "../domain/supply-chain/arrival.ts";
import { readArrivals } from "../github/arrival.ts";
import { since } from "./arguments/since.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";

const USUAL = 7 * DAY;

/** `/batch audit`: everything that changed recipes within a time, and by which way each came. */
export const audit = command({
  verb: "audit",
  summary:
    "List what changed recipes since a time, and by which pull request each change came, or that it came by none.",
  args: { since: since("how far to look back; a week, if it is not said") },
  needs: "read",
  whenLate: "run",
  leniency: "strict",
  examples: ["/batch audit", "/batch audit --since 2026-01-28"],
  async run({ since: from }, { repository, reading, now }: CommandContext): Promise<Answer> {
    const place = batchPlace(reading.configuration.settings);
    const span = { since: from ?? now - USUAL, until: now };
    const { arrivals, total } = await readArrivals(repository, reading.snapshot.head, place, span);
    const start = printInstant(span.since);
    if (total === 0) return { outcome: "done", text: `Nothing changed recipes since ${start}.` };
    const direct = arrivals.filter(({ pull }) => pull === null).length;
    const shown = arrivals.length < total ? `, of which the latest ${arrivals.length} are shown` : "";
    const count = total === 1 ? "One change" : `${total} changes`;
    const text = [
      `${count} of recipes since ${start}${shown}; **${direct === 0 ? "all" : direct} came by ${direct === 0 ? "a" : "no"} merged pull request**.`,
      arrivals.map(arrivalLine).join("\n"),
    ];
    return { outcome: "done", text: text.join("\n\n") };
  },
});
