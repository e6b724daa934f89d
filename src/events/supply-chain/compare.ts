import { MINUTE, SECOND } from "../../domain/instant.ts";
import { quote } from "../../domain/quote.ts";
import { type Check, type Hash, listedHash } from "../../domain/supply-chain/check-plan.ts";
import type { CheckResult } from "../../domain/supply-chain/check-result.ts";
import type { Downloader, DownloadLimits } from "../../download/downloader.ts";

const FILE: DownloadLimits = { bytes: 1_000_000_000, time: 5 * MINUTE, redirects: 5 };
const LIST: DownloadLimits = { bytes: 1_000_000, time: 30 * SECOND, redirects: 5 };

/** Downloads what a recipe names, one file after the other, and compares each with its checksum. */
export async function compareAll(checks: readonly Check[], downloader: Downloader): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await compare(check, downloader));
  return results;
}

/** Compares the hash of one file with the published one; one download or two. */
async function compare(check: Check, downloader: Downloader): Promise<CheckResult> {
  const published = await publishedHash(check, downloader);
  if (published.kind === "unchecked") return published;
  const { hash } = published;
  const download = await downloader.hash(check.url, hash.name, FILE);
  if (download.kind === "refused") return unchecked(check, download.why, download.detail);
  const found = { name: hash.name, digits: download.content };
  return found.digits === hash.digits
    ? { kind: "same", check, hash, bytes: download.bytes }
    : { kind: "drift", check, published: hash, found, host: download.host };
}

type PublishedHash = { readonly kind: "hash"; readonly hash: Hash } | Extract<CheckResult, { kind: "unchecked" }>;

async function publishedHash(check: Check, downloader: Downloader): Promise<PublishedHash> {
  const { published, url } = check;
  if (published.kind === "hash") return published;
  const list = await downloader.text(published.url, LIST);
  if (list.kind === "refused") return unchecked(check, list.why, `the list of checksums: ${list.detail}`);
  const hash = listedHash(list.content, url);
  if (hash !== null) return { kind: "hash", hash };
  return { kind: "unchecked", check, why: `it is not in the list of checksums ${quote(published.url, 200)}` };
}

function unchecked(check: Check, rule: string, detail: string): Extract<CheckResult, { kind: "unchecked" }> {
  return { kind: "unchecked", check, why: `${rule}: ${quote(detail, 200)}` };
}
