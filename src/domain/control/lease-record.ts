import { z } from "zod";
import type { Lease } from "../breaker/breaker.ts";
import { printInstant } from "../instant.ts";
import { momentText } from "./moment-text.ts";
import { runText } from "./seen.ts";

/** Who carries a probe and how long, in one line: `17352.1 until 2026-01-28T09:15:00Z`. */
const leaseText = z
  .string()
  .transform((text) => {
    const [run, until] = text.split(" until ", 2);
    return { run, until };
  })
  .pipe(z.object({ run: runText, until: momentText }));

/** A lease as the file keeps it; an earlier version spread it over an object. */
export const leaseRecord = z.union([leaseText, z.object({ run: runText, until: momentText })], {
  error: "Invalid lease: expected one like 17352.1 until 2026-01-28T09:15:00Z",
});

/** The inverse of `leaseText`. */
export function printLease({ run, until }: Lease): string {
  return `${run} until ${printInstant(until)}`;
}
