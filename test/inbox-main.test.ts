import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { SYSTEM_CLOCK } from "../src/clock.ts";
import type { Inbox, LaneHandler } from "../src/inbox/inbox.ts";
import { type InboxPlace, openInbox } from "../src/inbox/open-inbox.ts";
import { delivery } from "./inbox/contract.ts";
import { environmentOfPlace, newFolderPlace, removeInboxPlace } from "./inbox/inbox-place.ts";
import { DATABASE_URL, describeOnDatabase, newSchema, SILENT } from "./inbox/test-database.ts";

const PROGRAM = new URL("../src/inbox-main.ts", import.meta.url).pathname;
const SOON = { timeout: 15_000, interval: 50 };

interface Answer {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** The command line as `npm run inbox --` starts it, in a folder without a file `.env`. */
async function inboxCommand(environment: Readonly<Record<string, string>>, ...words: string[]): Promise<Answer> {
  const cwd = mkdtempSync(join(tmpdir(), "batchkeeper-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const child = spawn(process.execPath, [PROGRAM, ...words], { cwd, env: { ...environment } });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, output, errors };
}

/** Gives up what it is handed, until it is mended. */
class Handler {
  isMended = false;
  readonly handled: string[] = [];
  readonly handle: LaneHandler = async (_lane, waiting) => {
    const nothing = { done: [], retry: [], later: [], dead: [], pauseUntil: null };
    const ids = waiting.map(({ id }) => id);
    if (!this.isMended)
      return { ...nothing, dead: ids.map((id) => ({ id, reason: "broken\u001b[31m beyond repair" })) };
    this.handled.push(...ids);
    return { ...nothing, done: ids };
  };
}

function itShowsAndPutsBackDeadLetters(newPlace: () => InboxPlace): void {
  let place: InboxPlace;
  let inbox: Inbox;
  let handler: Handler;
  const run = (...words: string[]) => inboxCommand(environmentOfPlace(place), ...words);

  beforeEach(async () => {
    place = newPlace();
    handler = new Handler();
    inbox = await openInbox(place, SYSTEM_CLOCK, SILENT);
    await inbox.start(handler.handle);
    const body = '{"secret":"sesame"}';
    await inbox.accept([
      delivery("d-1", { body }),
      delivery("d-2", { body }),
      delivery("d-3", { lane: "other/one", body }),
    ]);
    await inbox.idle();
  });

  afterEach(async () => {
    await inbox.close();
    await removeInboxPlace(place);
  });

  test("lists them, what they were and why, and nothing of what they said", async () => {
    const { code, output, errors } = await run("list");
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(output).toMatch(/^d-1\n {2}push of acme\/recipes, given up \d{4}-.*Z after 1 attempt\n {2}broken<U\+001B>/m);
    expect(output).toContain("d-3\n");
    expect(output).not.toContain("sesame");
    expect(output).not.toContain("\u001b");
  });

  test("lists those of one repository, in whatever case it is written", async () => {
    const { output } = await run("list", "--lane", "Other/One");
    expect(output.match(/^d-\d$/gm)).toEqual(["d-3"]);
    expect((await run("list", "--lane", "no/one")).output).toBe("no dead letters of no/one\n");
  });

  test("puts them back while Batchkeeper runs, which handles them", async () => {
    handler.isMended = true;
    expect(await run("redrive", "d-1")).toEqual({ code: 0, output: "put back 1 dead letter\n", errors: "" });
    await expect.poll(() => handler.handled, SOON).toEqual(["d-1"]);
    expect((await run("redrive", "--all")).output).toBe("put back 2 dead letters\n");
    await expect.poll(() => handler.handled.toSorted(), SOON).toEqual(["d-1", "d-2", "d-3"]);
    expect((await run("list")).output).toBe("no dead letters\n");
  });

  test("puts none back when one of them is unknown, and names it", async () => {
    const { code, output, errors } = await run("redrive", "d-1", "d-9");
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toBe("inbox: no dead letter has the id d-9: nothing was put back; list shows those there are\n");
    expect(await inbox.state()).toMatchObject({ dead: 3 });
  });
}

describe("the command line of the embedded inbox", () => {
  itShowsAndPutsBackDeadLetters(newFolderPlace);

  test("says so when the folder holds no inbox, and makes none", async () => {
    const answer = await inboxCommand({ DATA_DIR: "/nowhere/at/all" }, "list");
    expect(answer).toEqual({
      code: 1,
      output: "",
      errors: "inbox: DATA_DIR /nowhere/at/all holds no inbox: name the folder that Batchkeeper runs with\n",
    });
  });

  test.each([
    { words: [] },
    { words: ["drop"] },
    { words: ["redrive"] },
    { words: ["redrive", "--all", "d-1"] },
    { words: ["list", "--all"] },
    { words: ["list", "--body"] },
  ])("explains itself when asked for $words", async ({ words }) => {
    const { code, output, errors } = await inboxCommand({}, ...words);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toContain("usage: npm run inbox -- list [--lane owner/name]");
  });
});

describeOnDatabase("the command line of the distributed inbox", () => {
  itShowsAndPutsBackDeadLetters(() => ({ ...newFolderPlace(), database: newSchema() }));

  test("says so when the database holds no inbox, and makes none", async () => {
    const { schema } = newSchema();
    const answer = await inboxCommand({ DATABASE_URL: DATABASE_URL ?? "", DATABASE_SCHEMA: schema }, "list");
    expect(answer).toMatchObject({ code: 1, output: "" });
    expect(answer.errors).toMatch(
      new RegExp(`^inbox: .* holds no inbox in the schema ${schema} \\(DATABASE_SCHEMA\\)\n$`),
    );
  });

  test("says so when the database cannot be reached, and not what the URL holds", async () => {
    const answer = await inboxCommand({ DATABASE_URL: "postgres://olga:sesame@127.0.0.1:1/batchkeeper" }, "list");
    expect(answer).toMatchObject({ code: 1, output: "" });
    expect(answer.errors).toBe(
      "inbox: the database of DATABASE_URL cannot be reached: connect ECONNREFUSED 127.0.0.1:1\n",
    );
  });
});
