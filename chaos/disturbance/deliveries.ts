import type { Delivery, DeliveryDecision, DeliveryPolicy } from "../../test/github/delivery.ts";
import { chance, choose } from "../chance.ts";

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
    return fate === "late" ? { delayMs: LATEST * chance(seed, "late", key, nth) } : fate;
  };
}
