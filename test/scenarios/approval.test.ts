import { describe, expect } from "vitest";
import { makeBatch, pathOf, recipesNamed, TODAY } from "./batch-story.ts";
import { itSurvivesDisturbances } from "./command-story.ts";
import { plantSecurityHold } from "./hold-file.ts";
import { REPOSITORY, testIn, type World } from "./world.ts";

const HOUR = 3_600_000;
const test = testIn({ collaborators: { oscar: "write", pipeline: "write" }, teams: { operators: ["tina"] } });

/** A security hold that olga asked to have lifted; the id that the reply names. */
async function asked(world: World): Promise<string> {
  await plantSecurityHold(world);
  await world.comment("olga", "/batch resume npm — drift was benign");
  return /`\/batch approve ([0-9a-f]{8})`/.exec(world.replies().at(-1) ?? "")?.[1] ?? "";
}

describe("a resume of a security hold", () => {
  test("lifts nothing: it waits in a pull request that says exactly what it lifts", async ({ world }) => {
    await asked(world);
    expect(world.held()).toEqual(["npm"]);
    expect(world.replies().at(-1)).toMatch(
      /\*\*Waits for a second operator\*\*: \[#2\][\s\S]*- `h-5ec000` on npm, security/,
    );
    expect(world.pulls()).toMatchObject([
      { title: "Lift security hold h-5ec000", state: "open", labels: ["batchkeeper", "batchkeeper:waiting"] },
    ]);
  });

  test("lifts the other holds that it means", async ({ world }) => {
    await world.comment("oscar", "/batch stop npm — mirror");
    await asked(world);
    expect(world.control().batchkeeper?.holds).toMatchObject([{ id: "h-5ec000" }]);
    expect(world.replies().at(-1)).toMatch(/Resumed: npm[\s\S]*operator, by `oscar`[\s\S]*Waits for a second operator/);
  });

  test("asked for again waits in the same pull request", async ({ world }) => {
    await asked(world);
    await world.comment("oscar", "/batch resume --hold h-5ec000");
    expect(world.pulls()).toHaveLength(1);
    expect(world.replies().at(-1)).toContain("[#2]");
  });
});

describe("an approval", () => {
  test("of another operator lifts exactly that, and names both in the commit", async ({ world }) => {
    const id = await asked(world);
    const comment = await world.comment("oscar", `/batch approve ${id}`);
    expect(world.held()).toEqual([]);
    expect(world.control().disabled_ecosystems).toEqual([]);
    expect(world.pulls()).toMatchObject([{ merged: true }]);
    expect(world.reactions(comment)).toEqual(["eyes", "rocket"]);
    const [commit] = world.controlCommits();
    expect(commit?.trailers).toMatchObject({
      "Requested-By": expect.stringMatching(/^olga \(\d+\)$/),
      "Approved-By": expect.stringMatching(/^oscar \(\d+\)$/),
    });
    expect(commit?.message).not.toContain("Batchkeeper-Seal");
  });

  test.for(["/batch approve", "/batch approve #2", "/batch approve 2"])(
    "%s means what alone waits",
    async (command, { world }) => {
      await asked(world);
      await world.comment("oscar", command);
      expect(world.held()).toEqual([]);
    },
  );

  test("given by a member of an operators' team counts", async ({ world }) => {
    await world.push("olga", { ".github/batchkeeper.yml": "operators: { teams: [operators] }\n" });
    await asked(world);
    await world.comment("tina", "/batch approve");
    expect(world.held()).toEqual([]);
  });

  test.for(["olga", "OLGA"])(
    "by %s, who asked for it, is refused, in any case of the login",
    async (login, { world }) => {
      await asked(world);
      if (login === "OLGA") world.github.renameUser("olga", "OLGA");
      await world.comment(login, "/batch approve");
      expect(world.held()).toEqual(["npm"]);
      expect(world.replies().at(-1)).toContain("was asked for by you, and takes another operator");
    },
  );

  test.for(["rita", "mallory"])("by %s, who may not, is refused", async (login, { world }) => {
    await asked(world);
    await world.comment(login, "/batch approve");
    expect(world.held()).toEqual(["npm"]);
    expect(world.replies().at(-1)).toContain("`/batch approve` needs write");
  });

  test("by a person who has lost the permission meanwhile is refused", async ({ world }) => {
    await asked(world);
    world.github.setRole(REPOSITORY, "oscar", "read");
    await world.comment("oscar", "/batch approve");
    expect(world.held()).toEqual(["npm"]);
  });

  test("after the hold was changed is void, and says what moved", async ({ world }) => {
    const id = await asked(world);
    await plantSecurityHold(world, { reason: "two more recipes drifted" });
    await world.comment("oscar", `/batch approve ${id}`);
    expect(world.held()).toEqual(["npm"]);
    expect(world.replies().at(-1)).toMatch(
      /not what was asked for any more: now it is `h-5ec000`.*two more recipes drifted/,
    );
  });

  test("is not voided by what has nothing to do with it", async ({ world }) => {
    const id = await asked(world);
    await world.run({ homebrew: "failure" });
    await world.comment("olga", "/batch stop npm — mirror");
    await world.comment("oscar", `/batch approve ${id}`);
    expect(world.control().batchkeeper?.holds).toMatchObject([{ scope: "npm", reason: "mirror" }]);
    expect(world.control()).toMatchObject({ disabled_ecosystems: ["npm"] });
  });

  test("a second time finds nothing that waits", async ({ world }) => {
    const id = await asked(world);
    await world.comment("oscar", `/batch approve ${id}`);
    await world.comment("oscar", `/batch approve ${id}`);
    expect(world.replies().at(-1)).toContain("Nothing waits for a second operator");
  });

  test("after a day is too late: it was given up, and whoever asked was told", async ({ world }) => {
    const id = await asked(world);
    await world.pass(24 * HOUR + 1000);
    expect(world.pulls()).toMatchObject([{ state: "closed", merged: false }]);
    expect(world.replies().at(-1)).toContain("**Given up**: nobody approved [#2]");
    await world.comment("oscar", `/batch approve ${id}`);
    expect(world.held()).toEqual(["npm"]);
    await world.comment("olga", "/batch resume npm");
    expect(world.pulls().filter(({ state }) => state === "open")).toHaveLength(1);
  });

  test("is waited for no longer although the inbox was lost", async ({ world }) => {
    await asked(world);
    await world.startApp({ forget: true });
    await world.pass(24 * HOUR + 1000);
    expect(world.pulls()).toMatchObject([{ state: "closed", merged: false }]);
  });

  test("counts nothing that a person wrote into the pull request or its branch", async ({ world }) => {
    await asked(world);
    const [pull] = world.pulls();
    const message = world.github.commits(REPOSITORY, { ref: pull?.head ?? "" })[0]?.message ?? "";
    const forged = message.replace(/Requested-By: .*/, "Requested-By: mira (1)");
    world.github.pushAs("olga", REPOSITORY, pull?.head ?? "", { "batch-control.json": "{}\n" }, forged);
    await world.comment("olga", "/batch approve");
    expect(world.held()).toEqual(["npm"]);
    expect(world.replies().at(-1)).toContain("Nothing waits");
  });
});

describe("an approving review", () => {
  test("of another operator counts as an approval", async ({ world }) => {
    await asked(world);
    await world.github.approveAs("oscar", REPOSITORY, 2);
    await world.quiet();
    expect(world.held()).toEqual([]);
    expect(world.replies(2)).toEqual([expect.stringContaining("**Approved and done**")]);
    expect(world.replies().at(-1)).toContain("**Approved by `oscar`**");
  });

  test.for([
    { login: "olga", why: "takes another operator" },
    { login: "rita", why: "needs write" },
  ])("of $login is answered, and counts for nothing", async ({ login, why }, { world }) => {
    await asked(world);
    await world.github.approveAs(login, REPOSITORY, 2);
    await world.quiet();
    expect(world.held()).toEqual(["npm"]);
    expect(world.replies(2)).toEqual([expect.stringContaining(why)]);
  });

  test("of a pull request that waits for nobody costs no call", async ({ world }) => {
    world.github.pushAs("olga", REPOSITORY, "topic", { x: "1" }, "topic");
    const number = await world.github.openPullAs("olga", REPOSITORY, { title: "t", head: "topic" });
    await world.quiet();
    const mark = world.github.log.length;
    await world.github.approveAs("oscar", REPOSITORY, number);
    await world.quiet();
    expect(world.github.calls(mark)).toEqual([]);
  });
});

test("a person who merges the pull request has satisfied GitHub's own rules: it has landed", async ({ world }) => {
  await asked(world);
  await world.github.mergeAs("oscar", REPOSITORY, 2, { merge_method: "squash" });
  await world.quiet();
  expect(world.held()).toEqual([]);
});

describe("a cancellation", () => {
  test.for(["olga", "oscar"])("by %s withdraws what waits", async (login, { world }) => {
    const id = await asked(world);
    await world.comment(login, `/batch cancel ${id}`);
    expect(world.pulls()).toMatchObject([{ state: "closed", merged: false }]);
    expect(world.held()).toEqual(["npm"]);
    await world.comment("oscar", "/batch approve");
    expect(world.replies().at(-1)).toContain("Nothing waits");
  });

  test("by a reader is refused", async ({ world }) => {
    await asked(world);
    await world.comment("rita", "/batch cancel");
    expect(world.pulls()).toMatchObject([{ state: "open" }]);
  });
});

describe("a rollback of more recipes than one person may take back", () => {
  const names = "abcdefghijk".split("").map((letter) => `${letter}tool`);

  async function proposed(world: World): Promise<number> {
    await makeBatch(world, { files: recipesNamed(...names) });
    await world.comment("olga", `/batch rollback ${TODAY}`);
    return world.pulls().findLast(({ head }) => head.startsWith("rollback-"))?.number ?? 0;
  }

  test("is merged when another operator approves it", async ({ world }) => {
    const number = await proposed(world);
    expect(world.replies().at(-1)).toContain(`/batch approve ${number}`);
    await world.comment("oscar", `/batch approve ${number}`);
    expect(world.github.fileAt(REPOSITORY, pathOf("atool"))).toBeNull();
    expect(world.pulls().find((pull) => pull.number === number)).toMatchObject({ merged: true });
  });

  test("is not merged on the word of whoever asked for it", async ({ world }) => {
    const number = await proposed(world);
    await world.comment("olga", `/batch approve ${number}`);
    expect(world.github.fileAt(REPOSITORY, pathOf("atool"))).not.toBeNull();
  });

  test("is void once a recipe of it was changed, and names it", async ({ world }) => {
    const number = await proposed(world);
    await world.push("pipeline", { [pathOf("ctool")]: "by hand\n" });
    await world.comment("oscar", `/batch approve ${number}`);
    expect(world.github.fileAt(REPOSITORY, pathOf("atool"))).not.toBeNull();
    expect(world.replies().at(-1)).toContain(`the default branch has since changed \`${pathOf("ctool")}\``);
  });

  test("still stands when only the control file moved", async ({ world }) => {
    const number = await proposed(world);
    await world.run({ homebrew: "failure" });
    await world.comment("oscar", `/batch approve ${number}`);
    expect(world.github.fileAt(REPOSITORY, pathOf("atool"))).toBeNull();
  });
});

describe.for(["approve", "cancel"])("%s", async (verb) => {
  await itSurvivesDisturbances({
    prepare: (world) => plantSecurityHold(world),
    before: ["/batch resume npm"],
    command: `/batch ${verb}`,
    by: "acme",
  });
});
