import { createHash } from "node:crypto";
import type { RequestListener } from "node:http";
import tls from "node:tls";
import { afterAll } from "vitest";
import type { Reach } from "../../src/download/public-address.ts";
import { TRUSTED } from "../download/certificates.ts";
import { loopbackServer } from "../download/loopback-server.ts";
import { REPOSITORY, type World } from "./world.ts";

/** What downloads reach in scenarios: servers on this machine, whatever their names. */
export const REACH: Reach = {
  isAllowed: (address) => address === "127.0.0.1",
  resolve: async () => [{ address: "127.0.0.1", family: 4 }],
};

/** Has a file of tests trust the certificates of such servers, from now on. */
export function trustPublishers(): void {
  const before = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...before, TRUSTED.cert]);
  afterAll(() => tls.setDefaultCACertificates(before));
}

export const RECIPE = "recipes/n/ncurses.toml";

export function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A server of files; what it holds may change at any time. */
export async function publisher(files: Readonly<Record<string, string>>) {
  const held: Record<string, string> = { ...files };
  const answer: RequestListener = ({ url = "" }, response) => {
    const text = held[url];
    if (text === undefined) response.writeHead(404).end();
    else response.end(text);
  };
  const server = await loopbackServer(answer);
  return { server, files: held, base: `https://files.files.example:${server.port}` };
}

/** A host that publishes files, and a recipe for each, brought by a batch. */
export async function publish(
  world: World,
  files: Readonly<Record<string, string>>,
  recipe: (base: string) => Readonly<Record<string, string>>,
) {
  const { base, ...published } = await publisher(files);
  return { ...published, base, number: await batchBrings(world, recipe(base)) };
}

/** A batch of homebrew brings recipes; the number of its merged pull request. */
export async function batchBrings(world: World, recipes: Readonly<Record<string, string>>): Promise<number> {
  const batch = "feat(recipes): add batch 2026-02-18-homebrew";
  const head = "batch/20260218-101500";
  world.github.pushAs("olga", REPOSITORY, head, recipes, batch);
  const number = await world.github.openPullAs("olga", REPOSITORY, { title: `${batch} recipes`, head });
  await world.github.mergeAs("olga", REPOSITORY, number, { merge_method: "squash" });
  await world.quiet();
  return number;
}

/** A recipe that downloads something. */
export function download(url: string, checksum: string, more = ""): string {
  return `[metadata]\nname = "x"\n\n[[steps]]\naction = "download"\nurl = "${url}"\n${checksum}\n${more}`;
}
