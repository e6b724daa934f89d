import { afterAll, describe, expect } from "vitest";
import { REACH, trustPublishers } from "../download/publisher.ts";
import { download, proposal, publish, RECIPE, sha256 } from "./publisher.ts";
import { REPOSITORY, testIn, type World } from "./world.ts";

afterAll(trustPublishers());
const test = testIn({ reach: REACH, collaborators: { oscar: "write" } });

/** A recipe of a batch, and the host of what it downloads. */
function published(world: World) {
  return publish(world, { "/x.tgz": "content" }, (base) => ({
    [RECIPE]: download(`${base}/x.tgz`, `checksum = "${sha256("content")}"`),
  }));
}

/** More than a read is tried, so that what is told is not found right away. */
const IN_VAIN = 8;

/**
 * A command whose result is told, and the app does not hear that it is and cannot look: it begins again.
 *
 * @param meanwhile what happens between the two
 */
async function toldAndForgotten(world: World, login: string, command: string, meanwhile: () => void): Promise<void> {
  let isTold = false;
  world.github.onCall(async ({ method, path, json }) => {
    if (isTold || method !== "POST" || !path.endsWith("/issues/1/comments") || !isResult(await json())) return null;
    isTold = true;
    meanwhile();
    world.github.fault({ method: "GET", path: /\/issues\/1\/comments/, status: 502, times: IN_VAIN });
    return { status: 502, after: true };
  });
  await world.comment(login, command);
  expect(isTold).toBe(true);
}

function isResult(body: unknown): boolean {
  return JSON.stringify(body).includes("batchkeeper:verification");
}

describe("what was told of a download and begins again because nobody knows", () => {
  test("finds no drift of a file that changed since", async ({ world }) => {
    const { server, files } = await published(world);
    await using _ = server;
    await toldAndForgotten(world, "olga", "/batch verify ncurses", () => {
      files["/x.tgz"] = "new content";
    });
    expect(world.replies().filter((reply) => reply.includes("**as published**"))).toHaveLength(1);
    expect(world.openIncidents().filter(({ title }) => title.includes("drift"))).toEqual([]);
    expect(world.held()).toEqual([]);
  });

  test("proposes nothing but what was told", async ({ world }) => {
    const { server, files } = await published(world);
    await using _ = server;
    files["/x.tgz"] = "new content";
    await world.comment("olga", "/batch verify ncurses");
    let headSha = "";
    await toldAndForgotten(world, "olga", "/batch drift accept ncurses", () => {
      headSha = proposal(world)?.headSha ?? "";
      files["/x.tgz"] = "evil";
    });
    expect(proposal(world)?.headSha).toBe(headSha);
    expect(world.github.fileAt(REPOSITORY, RECIPE, headSha)).toContain(sha256("new content"));
  });

  test("merges nothing of which the approver heard that it is not merged", async ({ world }) => {
    const { server, files } = await published(world);
    await using _ = server;
    files["/x.tgz"] = "new content";
    await world.comment("olga", "/batch verify ncurses");
    await world.comment("olga", "/batch drift accept ncurses");
    delete files["/x.tgz"];
    await toldAndForgotten(world, "oscar", "/batch approve", () => {
      files["/x.tgz"] = "new content";
    });
    expect(world.replies().at(-1)).toContain("**Not merged yet**");
    expect(proposal(world)).toMatchObject({ state: "open", merged: false });
  });
});
