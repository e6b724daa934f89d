import type { LoggedCall } from "../test/github/http/request-log.ts";
import { printTable } from "./report.ts";

/** Calls in the order of their beginnings; those of a sequence are marked with an asterisk. */
export function printCalls(calls: readonly LoggedCall[], sequence: readonly LoggedCall[]): string {
  const marked = new Set(sequence);
  const ordered = calls.toSorted((one, other) => one.startedAt - other.startedAt);
  const rows = ordered.map((call, index) => [
    `${index + 1}${marked.has(call) ? "*" : ""}`,
    `${call.method} ${call.path}`,
    String(call.status),
    String(Math.round(call.startedAt)),
    String(Math.round(call.endedAt - call.startedAt)),
  ]);
  return printTable([["", "call", "status", "start", "took"], ...rows]);
}
