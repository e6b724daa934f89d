import type { ChecksumChange } from "../domain/supply-chain/replace-checksum.ts";
import { type CommitCause, commitTrailers } from "./commit-message.ts";

/** What the commit that accepts a drift says of it. */
export interface DriftRecord {
  /** Of the recipe. */
  readonly path: string;
  /** What stands for `{version}`; null where nothing does. */
  readonly version: string | null;
  readonly changes: readonly ChecksumChange[];
  /** When it was first seen: ISO 8601. */
  readonly seenAt: string;
  readonly incidentUrl: string;
}

/**
 * The message of a commit that gives a recipe the checksum of what its publisher gives now: the runbook wants the drift to be
 * documented in it (section 5, resolution).
 */
export function driftMessage(record: DriftRecord, cause: CommitCause): string {
  const { path, version, changes, seenAt, incidentUrl } = record;
  return [
    "chore(batch): accept a checksum that drifted",
    "",
    `Batchkeeper-Recipe: ${encodeAt(path)}`,
    ...(version === null ? [] : [`Batchkeeper-Version: ${version}`]),
    ...changes.map(
      ({ url, from, to }) =>
        `Batchkeeper-Drift: ${from.name}:${from.digits} ${to.name}:${to.digits} ${encodeAt(plainUrl(url))}`,
    ),
    `Batchkeeper-Drift-Seen: ${seenAt}`,
    `Batchkeeper-Incident: ${incidentUrl}`,
    commitTrailers(cause),
  ].join("\n");
}

/** Reads of such a message which recipe it is about; null for any other. The checksums are in the recipe that it commits. */
export function readDriftMessage(
  message: string,
): (Pick<DriftRecord, "path" | "version" | "incidentUrl"> & { readonly digits: readonly string[] }) | null {
  const path = /^Batchkeeper-Recipe: (\S+)$/m.exec(message)?.[1];
  const version = /^Batchkeeper-Version: (\S+)$/m.exec(message)?.[1] ?? null;
  const incidentUrl = /^Batchkeeper-Incident: (\S+)$/m.exec(message)?.[1];
  const digits = Array.from(message.matchAll(/^Batchkeeper-Drift: \S+ sha\d+:([0-9a-f]+) /gm), ([, to = ""]) => to);
  if (path === undefined || incidentUrl === undefined || digits.length === 0) return null;
  return { path: path.replaceAll("%40", "@"), version, incidentUrl, digits };
}

/** GitHub tells people who are mentioned in commit messages. A path of a recipe has no percent sign, an address has its own. */
export function encodeAt(text: string): string {
  return text.replaceAll("@", "%40");
}

/** An address without what is no part of the question to a server, and without white space. */
function plainUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return encodeURI(text);
  url.hash = "";
  return url.href;
}
