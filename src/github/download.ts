import { SECOND } from "../domain/instant.ts";
import { DownloadFailed } from "./failure.ts";

const DOWNLOAD_TIMEOUT = 20 * SECOND;

/**
 * Downloads from an address that GitHub gave, which is on another host: without any token, and never more than so many
 * bytes, whatever that host says of the length.
 *
 * @returns null when there is nothing any more, "too-large" when there is more.
 * @throws {DownloadFailed} when there is no answer, or one that another try may better.
 */
export async function download(address: string, most: number): Promise<Uint8Array | "too-large" | null> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT), redirect: "error" });
    if (response.status === 404 || response.status === 410) return null;
    if (!response.ok || response.body === null) throw new DownloadFailed(`answered ${response.status}`);
    return await readUpTo(response.body, most);
  } catch (error) {
    if (error instanceof DownloadFailed) throw error;
    throw new DownloadFailed(error instanceof Error ? error.message : "no answer");
  }
}

async function readUpTo(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array | "too-large"> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > most) return "too-large";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
