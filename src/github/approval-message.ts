import { type Instant, parseInstant, printInstant } from "../domain/instant.ts";
import type { Person } from "./permission.ts";

/** What the commit of something that waits for a second operator says of it, beside its other trailers. */
export interface ApprovalRecord {
  /** What it is: `lift` security holds, a `rollback`, or another checksum of a recipe. */
  readonly kind: "lift" | "rollback" | "accept-drift";
  /** SHA-256 of exactly what will happen, in hexadecimal digits. */
  readonly digest: string;
  readonly askedAt: Instant;
  readonly requester: Person;
  /** URL of the comment that asked. */
  readonly command: string;
  /** Ids of the holds to lift. */
  readonly holds: readonly string[];
}

const KINDS = ["lift", "rollback", "accept-drift"] as const satisfies readonly ApprovalRecord["kind"][];

/** The trailers that make a commit one that waits for a second operator. */
export function approvalTrailers({
  kind,
  digest,
  askedAt,
  holds,
}: Pick<ApprovalRecord, "kind" | "digest" | "askedAt" | "holds">): readonly string[] {
  return [
    ...(holds.length === 0 ? [] : [`Batchkeeper-Lift: ${holds.join(" ")}`]),
    `Batchkeeper-Approval: ${kind} ${digest}`,
    `Batchkeeper-Asked: ${printInstant(askedAt)}`,
  ];
}

/** Reads a message whose seal was found to be ours; null when it waits for nobody. */
export function readApprovalMessage(message: string): ApprovalRecord | null {
  const [, named, digest] = /^Batchkeeper-Approval: (\S+) ([0-9a-f]{64})$/m.exec(message) ?? [];
  const kind = KINDS.find((known) => known === named);
  const askedAt = parseInstant(/^Batchkeeper-Asked: (\S+)$/m.exec(message)?.[1]);
  const [, login, id] = /^Requested-By: (\S+) \((\d+)\)$/m.exec(message) ?? [];
  const command = /^Batchkeeper-Command: (\S+)$/m.exec(message)?.[1];
  const holds = /^Batchkeeper-Lift: (.+)$/m.exec(message)?.[1]?.split(" ") ?? [];
  if (kind === undefined || digest === undefined || askedAt === null || login === undefined || command === undefined)
    return null;
  return {
    kind,
    digest,
    askedAt,
    requester: { login, id: Number(id) },
    command,
    holds,
  };
}
