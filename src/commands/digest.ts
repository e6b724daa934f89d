import { createHash } from "node:crypto";

/** SHA-256 in hexadecimal digits: what stands for exactly this text. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** As much of a digest as people type. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 8);
}
