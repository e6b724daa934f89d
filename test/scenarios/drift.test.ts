import { afterAll, describe, expect } from "vitest";
import { DAY } from "../../src/domain/instant.ts";
import { REACH, trustPublishers } from "../download/publisher.ts";
import { download, proposal, publish, RECIPE, sha256 } from "./publisher.ts";
import { REPOSITORY, testIn, type World } from "./world.ts";

afterAll(trustPublishers());
const test = testIn({ reach: REACH, collaborators: { oscar: "write" } });

const [OLD, NEW] = [sha256("content"), sha256("new content")];

/** A recipe with everything that must stay as it is. */
function recipeOf(url: string): string {
  return `# ${OLD} is the checksum of 6.5\r\n[metadata]\r\nname   = "ncurses" # no change\r\n\n[[steps]]\naction = "download"\nurl = "${url}"\nchecksum = 'sha256:${OLD.toUpperCase()}'   # mirror\n\n[note]\nwas = "${OLD}"\n`;
}

/** A file drifted, an incident is open and homebrew is held. */
async function drifted(world: World) {
  const published = await publish(world, { "/x.tgz": "content" }, (base) => ({
    [RECIPE]: recipeOf(`${base}/x.tgz`),
  }));
  published.files["/x.tgz"] = "new content";
  await world.comment("olga", "/batch verify ncurses");
  return { ...published, url: `${published.base}/x.tgz` };
}

/** The id by which a waiting proposal is approved. */
async function asked(world: World, command = "/batch drift accept ncurses — made anew"): Promise<string> {
  await world.comment("olga", command);
  return /`\/batch approve ([0-9a-f]{8})`/.exec(world.replies().at(-1) ?? "")?.[1] ?? "";
}

describe("/batch drift accept", () => {
  test("proposes exactly the checksum of now, and every other byte as it was", async ({ world }) => {
    const { server, url } = await drifted(world);
    await using _ = server;
    await asked(world);
    const pull = proposal(world);
    expect(pull).toMatchObject({ title: "Accept the checksum of now for ncurses", state: "open" });
    expect(pull?.labels.toSorted()).toEqual(["batchkeeper", "batchkeeper:waiting"]);
    expect(pull?.reviewers.toSorted()).toEqual(["acme", "oscar"]);
    const [commit, before] = world.github.commits(REPOSITORY, { ref: pull?.head ?? "" });
    expect(commit?.files).toEqual([RECIPE]);
    expect(before?.sha).toBe(world.github.branches(REPOSITORY).main);
    const old = recipeOf(url);
    expect(world.github.fileAt(REPOSITORY, RECIPE, pull?.head)).toBe(old.replace(OLD.toUpperCase(), NEW));
    expect(world.github.fileAt(REPOSITORY, RECIPE)).toBe(old);
    expect(world.replies().at(-1)).toContain(`sha256 \`${OLD}\` → \`${NEW}\``);
    expect(world.github.checks(REPOSITORY, pull?.headSha ?? "")).toMatchObject([
      { title: "An accepted checksum is not held", conclusion: "success" },
    ]);
  });

  test("is merged when a second operator approves it, and the commit has the whole story", async ({ world }) => {
    const { server, url } = await drifted(world);
    await using _ = server;
    const id = await asked(world);
    const downloads = server.asked();
    await world.comment("oscar", `/batch approve ${id}`);
    expect(server.asked()).toBe(downloads + 1);
    expect(proposal(world)).toMatchObject({ merged: true });
    expect(world.github.fileAt(REPOSITORY, RECIPE)).toContain(`'sha256:${NEW}'`);
    const [incident] = world.openIncidents();
    const [commit] = world.github.commits(REPOSITORY, { path: RECIPE });
    expect(commit?.trailers).toMatchObject({
      "Batchkeeper-Recipe": RECIPE,
      "Batchkeeper-Drift": `sha256:${OLD} sha256:${NEW} ${url}`,
      "Batchkeeper-Drift-Seen": expect.stringMatching(/Z$/),
      "Batchkeeper-Incident": `${world.github.url}/${REPOSITORY}/issues/${incident?.number}`,
      "Requested-By": expect.stringMatching(/^olga \(\d+\)$/),
      "Approved-By": expect.stringMatching(/^oscar \(\d+\)$/),
    });
    expect(commit?.message).not.toContain("made anew");
    expect(Object.keys(world.github.branches(REPOSITORY)).join()).not.toContain("accept-drift");
  });

  test("leaves incident and hold to people, and says which command lifts it", async ({ world }) => {
    const { server } = await drifted(world);
    await using _ = server;
    await world.comment("oscar", `/batch approve ${await asked(world)}`);
    const [incident] = world.openIncidents();
    const [hold] = world.control().batchkeeper?.holds ?? [];
    expect(hold).toMatchObject({ kind: "security", scope: "homebrew" });
    const told = world.replies(incident?.number).at(-1) ?? "";
    expect(told).toContain(
      `**The security hold stays** until a person lifts it, and another agrees: \`/batch resume --hold ${hold?.id}\``,
    );
    expect(told).toContain(`/batch incident resolve #${incident?.number}`);
    expect(incident?.body).toMatch(/\*\*pull request\*\* by `olga`: `#\d+ proposes the checksum of now for recipes/);
    expect(incident?.body).toMatch(/\*\*pull request\*\*: `#\d+ merged`/);
    await world.comment("olga", "/batch verify ncurses");
    expect(world.replies().at(-1)).toContain("**as published**");
  });

  test("counts an approving review as well", async ({ world }) => {
    const { server } = await drifted(world);
    await using _ = server;
    await asked(world);
    const number = proposal(world)?.number ?? 0;
    await world.github.approveAs("oscar", REPOSITORY, number);
    await world.quiet();
    expect(proposal(world)).toMatchObject({ merged: true });
    expect(world.replies(number).at(-1)).toContain("**Approved and done**");
    expect(world.replies().join()).toContain("**Approved and done**");
  });

  test.for(["olga", "rita"])("is not approved by %s", async (login, { world }) => {
    const { server } = await drifted(world);
    await using _ = server;
    await world.comment(login, `/batch approve ${await asked(world)}`);
    expect(proposal(world)).toMatchObject({ state: "open" });
    expect(world.replies().at(-1)).toMatch(/takes another operator|needs write/);
  });

  test("is void when the file changes again before it is approved, and the incident is told", async ({ world }) => {
    const { server, files } = await drifted(world);
    await using _ = server;
    const id = await asked(world);
    files["/x.tgz"] = "evil";
    await world.comment("oscar", `/batch approve ${id}`);
    expect(proposal(world)).toMatchObject({ state: "open", merged: false });
    expect(world.replies().at(-1)).toMatch(/\*\*Not approved\*\*.*\*\*it has changed again\*\*/);
    expect(world.replies().at(-1)).toContain(sha256("evil"));
    expect(world.replies(world.openIncidents()[0]?.number).at(-1)).toContain("**has changed again** meanwhile");
    await asked(world);
    expect(world.pulls().filter(({ state, head }) => state === "open" && head.includes("accept-drift"))).toHaveLength(
      1,
    );
    expect(world.github.fileAt(REPOSITORY, RECIPE, proposal(world)?.head)).toContain(sha256("evil"));
  });

  test("is not merged while what it accepts cannot be downloaded, which is not a no", async ({ world }) => {
    const { server, files } = await drifted(world);
    await using _ = server;
    const id = await asked(world);
    delete files["/x.tgz"];
    await world.comment("oscar", `/batch approve ${id}`);
    expect(proposal(world)).toMatchObject({ state: "open" });
    expect(world.replies().at(-1)).toMatch(/\*\*Not merged yet\*\*.*which is not a "no"/);
    files["/x.tgz"] = "new content";
    await world.comment("oscar", `/batch approve ${id}`);
    expect(proposal(world)).toMatchObject({ merged: true });
  });

  test("is void when somebody put another commit on its branch", async ({ world }) => {
    const { server, url } = await drifted(world);
    await using _ = server;
    const id = await asked(world);
    const { head = "" } = proposal(world) ?? {};
    const message = world.github.commits(REPOSITORY, { ref: head })[0]?.message ?? "";
    const evil = recipeOf(url.replace("x.tgz", "evil")).replace(OLD.toUpperCase(), NEW);
    world.github.pushAs("rita", REPOSITORY, head, { [RECIPE]: evil, "recipes/e/evil.toml": "x = 1\n" }, message);
    await world.comment("oscar", `/batch approve ${id}`);
    expect(proposal(world)).toMatchObject({ merged: false });
    expect(world.github.fileAt(REPOSITORY, "recipes/e/evil.toml")).toBeNull();
  });

  test("is void when the recipe was changed since", async ({ world }) => {
    const { server, url } = await drifted(world);
    await using _ = server;
    const id = await asked(world);
    await world.push("rita", { [RECIPE]: `${recipeOf(url)}# more\n` });
    await world.comment("oscar", `/batch approve ${id}`);
    expect(world.replies().at(-1)).toContain(`the default branch has since changed \`${RECIPE}\``);
    expect(proposal(world)).toMatchObject({ state: "open" });
  });

  test("asked for twice is one proposal", async ({ world }) => {
    const { server } = await drifted(world);
    await using _ = server;
    const id = await asked(world);
    await world.comment("oscar", "/batch drift accept recipes/n/ncurses.toml");
    expect(world.pulls().filter(({ head }) => head.includes("accept-drift"))).toHaveLength(1);
    expect(world.replies().at(-1)).toContain(`/batch approve ${id}`);
  });

  test("is proposed and merged once, however often its comments come, and although the app forgot them", async ({
    world,
  }) => {
    const { server } = await drifted(world);
    await using _ = server;
    world.github.onDelivery(() => "double");
    const comment = await world.comment("olga", "/batch drift accept ncurses");
    const said = world.replies().length;
    await world.startApp();
    await world.redeliver(world.deliveryOf(comment));
    expect(world.pulls().filter(({ state }) => state === "open")).toHaveLength(1);
    expect(world.replies()).toHaveLength(said);
    const approval = await world.comment("oscar", `/batch approve ${proposal(world)?.number}`);
    const after = world.replies().length;
    await world.startApp();
    await world.redeliver(world.deliveryOf(comment));
    await world.redeliver(world.deliveryOf(approval));
    expect(proposal(world)).toMatchObject({ merged: true });
    expect(world.pulls().filter(({ head: branch }) => branch.includes("accept-drift"))).toHaveLength(1);
    expect(world.replies()).toHaveLength(after);
  });

  test("is given up after a day, and can be withdrawn", async ({ world }) => {
    const { server } = await drifted(world);
    await using _ = server;
    await asked(world);
    await world.pass(DAY + 1000);
    expect(proposal(world)).toMatchObject({ state: "closed", merged: false });
    const id = await asked(world);
    await world.comment("oscar", `/batch cancel ${id}`);
    expect(proposal(world)).toMatchObject({ state: "closed", merged: false });
    const [incident] = world.openIncidents().filter(({ title }) => title.includes("drift"));
    expect(world.replies(incident?.number).at(-1)).toContain("without being merged: the recipe is as it was");
  });

  test("says of a merge by hand that nothing was measured again", async ({ world }) => {
    const { server } = await drifted(world);
    await using _ = server;
    await asked(world);
    await world.github.mergeAs("oscar", REPOSITORY, proposal(world)?.number ?? 0, { merge_method: "squash" });
    await world.quiet();
    const [incident] = world.openIncidents().filter(({ title }) => title.includes("drift"));
    expect(world.replies(incident?.number).at(-1)).toContain("`oscar` merged it by hand");
  });

  test("changes nothing when the file is again what was published", async ({ world }) => {
    const { server, files } = await drifted(world);
    await using _ = server;
    files["/x.tgz"] = "content";
    await world.comment("olga", "/batch drift accept ncurses");
    expect(world.replies().at(-1)).toContain("**No drift any more**");
    expect(proposal(world)).toBeUndefined();
  });

  test("changes nothing when nothing could be downloaded", async ({ world }) => {
    const { server, files } = await drifted(world);
    await using _ = server;
    delete files["/x.tgz"];
    await world.comment("olga", "/batch drift accept ncurses");
    expect(world.replies().at(-1)).toMatch(/\*\*Nothing was changed\*\*.*which is not a "no"/);
    expect(proposal(world)).toBeUndefined();
  });

  test("has nothing to change where the checksum is in the publisher's list", async ({ world }) => {
    const lists = { "/x.zip": "content", "/SUMS": `${OLD}  x.zip\n` };
    const { server, files } = await publish(world, lists, (base) => ({
      [RECIPE]: download(`${base}/x.zip`, `checksum_url = "${base}/SUMS"`),
    }));
    await using _ = server;
    files["/x.zip"] = "new content";
    await world.comment("olga", "/batch verify ncurses");
    await world.comment("olga", "/batch drift accept ncurses");
    expect(world.replies().at(-1)).toContain("**There is nothing to change in this repository**");
    expect(proposal(world)).toBeUndefined();
  });

  test("is for one version where the recipe names none", async ({ world }) => {
    const { server, files, base } = await publish(world, { "/1.2/x": "content" }, (url) => ({
      [RECIPE]: download(`${url}/{version}/x`, `sha256 = "${OLD}"`),
    }));
    await using _ = server;
    files["/1.2/x"] = "new content";
    await world.comment("olga", "/batch verify ncurses --version 1.2");
    await world.comment("olga", "/batch drift accept ncurses");
    expect(world.replies().at(-1)).toContain("`/batch drift accept ncurses --version <version>`");
    const id = await asked(world, "/batch drift accept ncurses --version 1.2");
    await world.comment("oscar", `/batch approve ${id}`);
    expect(world.github.fileAt(REPOSITORY, RECIPE)).toBe(download(`${base}/{version}/x`, `sha256 = "${NEW}"`));
  });

  test("is refused where no drift of the recipe is open, although one of its host is", async ({ world }) => {
    const { server, files } = await publish(world, { "/a": "a", "/b": "b" }, (base) => ({
      "recipes/a/a.toml": download(`${base}/a`, `checksum = "${sha256("a")}"`),
      "recipes/b/b.toml": download(`${base}/b`, `checksum = "${sha256("b")}"`),
    }));
    await using _ = server;
    await world.comment("olga", "/batch drift accept a");
    expect(world.replies().at(-1)).toContain("there is no open incident of a drift of `recipes/a/a.toml`");
    Object.assign(files, { "/a": "new a", "/b": "new b" });
    await world.comment("olga", "/batch verify a");
    await world.comment("olga", "/batch drift accept b");
    expect(world.replies().at(-1)).toContain("there is no open incident of a drift of `recipes/b/b.toml`");
    await world.comment("olga", "/batch verify b");
    await asked(world, "/batch drift accept b");
    expect(proposal(world)?.title).toContain("for b");
  });

  test.for([
    ["/batch drift", "needs the name of a recipe"],
    ["/batch drift accept", "needs the name of a recipe"],
    ["/batch drift reject ncurses", "is nothing that it does"],
    ["/batch drift accept nothing", "There is no recipe `nothing`"],
    ["/batch drift accept ../../etc/passwd", "is no name of a recipe"],
    ["/batch drift accept `$(x)`<!--", "is no name of a recipe"],
    ["/batch drift accept two", "is the name of several recipes, `recipes/t/two.toml` and `recipes/two.toml`"],
    ["/batch drift accept broken", "is no TOML"],
    ["/batch drift accept cmake", "**Nothing was compared**"],
  ] as const)("refuses %s, and says why", async ([line, why], { world }) => {
    const one = download("https://files.files.example/x", `checksum = "${OLD}"`);
    const files = { "recipes/t/two.toml": one, "recipes/two.toml": one, "recipes/b/broken.toml": "x = " };
    world.github.pushAs("olga", REPOSITORY, "main", files, "recipes");
    await world.comment("olga", line);
    expect(world.replies().at(-1)).toContain(why);
    expect(proposal(world)).toBeUndefined();
  });

  test("is refused to somebody who may only read", async ({ world }) => {
    await world.comment("rita", "/batch drift accept cmake");
    expect(world.replies()).toEqual([expect.stringContaining("needs write")]);
  });

  test("shows the words of people in quotes only", async ({ world }) => {
    const { server } = await drifted(world);
    await using _ = server;
    await asked(world, "/batch drift accept ncurses — fixes #1 @acme/team *x*");
    const { body = "" } = proposal(world) ?? {};
    expect(body).toContain("Reason: `fixes #1 @acme/team *x*`");
    expect(world.github.commits(REPOSITORY, { ref: proposal(world)?.head ?? "" })[0]?.message).not.toMatch(/fixes|@/);
  });
});
