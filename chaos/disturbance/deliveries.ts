import { z } from "zod";
import { ticksBetween } from "../../src/dashboard/box.ts";
import type { Delivery, DeliveryDecision, DeliveryPolicy } from "../../test/github/delivery.ts";
import { chance, choose } from "../chance.ts";
import { UNHEARD } from "../story/happening.ts";

const FATES: readonly { readonly weight: number; readonly value: DeliveryDecision | "late" }[] = [
  { weight: 10, value: "send" },
  { weight: 3, value: "drop" },
  { weight: 2, value: "fail" },
  { weight: 3, value: "double" },
  { weight: 3, value: "late" },
  { weight: 3, value: "hold" },
];
const LATEST = 1500;

/** What becomes of each delivery, by its name: the nth of its event in its repository. */
export function deliveryPolicy(seed: number): DeliveryPolicy {
  const counts = new Map<string, number>();
  return (delivery: Delivery) => {
    const key = `${delivery.repositoryId} ${delivery.event}.${delivery.action}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    const fate = choose(FATES, chance(seed, "delivery", key, nth));
    // Who ticked a box stands in its event alone: one that leaves no trace is no command, and that is told by the story.
    if (fate === "drop" && isTick(delivery)) return "fail";
    return fate === "late" ? { delayMs: LATEST * chance(seed, "late", key, nth) } : fate;
  };
}

const edit = z.object({
  issue: z.object({ body: z.string().nullable() }),
  changes: z.object({ body: z.object({ from: z.string() }) }),
});

function isTick({ event, body }: Delivery): boolean {
  const told = event === "issues" ? edit.safeParse(JSON.parse(body)).data : undefined;
  return told !== undefined && ticksBetween(told.changes.body.from, told.issue.body ?? "").offers.length > 0;
}

/** The same, but that nobody ever hears of what one person of the story does: in both plays. */
export function deaf(policy: DeliveryPolicy): DeliveryPolicy {
  return (delivery) => (senderOf(delivery) === UNHEARD ? "drop" : policy(delivery));
}

const sent = z.object({ sender: z.object({ login: z.string() }) });

function senderOf({ body }: Delivery): string | undefined {
  return sent.safeParse(JSON.parse(body)).data?.sender.login;
}
