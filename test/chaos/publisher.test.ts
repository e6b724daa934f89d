import { afterAll, expect, test } from "vitest";
import { startPublisher } from "../../chaos/publisher.ts";
import { Downloader } from "../../src/download/downloader.ts";
import { REACH, trustPublishers } from "../download/publisher.ts";

afterAll(trustPublishers());

const LIMITS = { bytes: 1000, time: 5000, redirects: 0 };

test("a publisher gives under every name of its hosts what it publishes now, and nothing that it took away", async () => {
  await using publisher = await startPublisher();
  const downloader = new Downloader(REACH);
  const read = (host: string) => downloader.text(publisher.url(host, "/x"), LIMITS);
  publisher.publish("/x", "old");
  expect(await read("mirror")).toMatchObject({ content: "old" });
  publisher.publish("/x", "new");
  expect(await read("cdn")).toMatchObject({ content: "new" });
  publisher.publish("/x", null);
  expect(await read("cdn")).toMatchObject({ kind: "refused", why: "http-status" });
  downloader.close();
});

test("what happens when a file is asked for happens before it is given", async () => {
  await using publisher = await startPublisher();
  const downloader = new Downloader(REACH);
  publisher.onAsked(async (path) => publisher.publish(path, "just in time"));
  expect(await downloader.text(publisher.url("mirror", "/y"), LIMITS)).toMatchObject({ content: "just in time" });
  downloader.close();
});
