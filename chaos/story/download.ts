import { createHash } from "node:crypto";
import type { Place } from "./place.ts";

/** What a recipe of the story downloads. */
export interface Download {
  /** Of the recipe. */
  readonly name: string;
  /** Path of the recipe in the repository. */
  readonly recipe: string;
  readonly url: string;
  /** Path of the file at its publisher. */
  readonly file: string;
  /** What was published first, and its SHA-256. */
  readonly content: string;
  readonly checksum: string;
}

export function recipePath(name: string): string {
  return `recipes/${name[0]}/${name}.toml`;
}

/** Publishes what a recipe of this name is to download, for the first time. */
export function publishFirst(
  { publisher, repository }: Place,
  { name, host }: { readonly name: string; readonly host: string },
): Download {
  const file = `/${repository}/${name}.tgz`;
  const content = `${name} as it was published`;
  publisher.publish(file, content);
  const checksum = createHash("sha256").update(content).digest("hex");
  return { name, recipe: recipePath(name), url: publisher.url(host, file), file, content, checksum };
}

/** What becomes of a published file. */
export type Change = "made anew" | "gone" | "as it was";

export function publishAgain({ publisher, step }: Place, { file, content }: Download, becomes: Change): void {
  const contents = { "made anew": `made anew before step ${step}`, gone: null, "as it was": content };
  publisher.publish(file, contents[becomes]);
}

/** One of what the story's recipes download, whichever number is drawn; null while there is none. */
export function downloadOf({ downloads }: Place, which: number): Download | null {
  return downloads[which % Math.max(1, downloads.length)] ?? null;
}

/** The number of the open pull request that would accept a drift of a recipe; null where there is none. */
export function proposalFor({ github, repository }: Place, { name }: Download): number | null {
  const begins = `batchkeeper/accept-drift-${name}-`;
  return (
    github.pulls(repository).find(({ head, state }) => state === "open" && head.startsWith(begins))?.number ?? null
  );
}
