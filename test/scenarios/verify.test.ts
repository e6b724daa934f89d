import { afterAll, describe, expect } from "vitest";
import { DAY } from "../../src/domain/instant.ts";
import { loopbackServer } from "../download/loopback-server.ts";
import { REACH, trustPublishers } from "../download/publisher.ts";
import { download, publish, RECIPE, sha256 } from "./publisher.ts";
import { CONFIGURATION, REPOSITORY, testIn } from "./world.ts";

afterAll(trustPublishers());
const test = testIn({ reach: REACH });

describe("/batch verify", () => {
  test("says that a file is as published, by the checksum of its recipe", async ({ world }) => {
    const { server } = await publish(world, { "/x.tgz": "content" }, (base) => ({
      [RECIPE]: download(`${base}/x.tgz`, `checksum = "${sha256("content")}"`),
    }));
    await using _ = server;
    await world.comment("olga", "/batch verify ncurses");
    const [promise, result] = world.replies();
    expect(promise).toContain("One file of `recipes/n/ncurses.toml` will be downloaded");
    expect(result).toContain("**as published**");
    expect(result).toContain(sha256("content"));
    expect(world.openIncidents()).toEqual([]);
    expect(world.held()).toEqual([]);
  });

  test("compares one version with the list that the recipe names", async ({ world }) => {
    const files = {
      "/1.2/x.zip": "content",
      "/1.2/SHA256SUMS": `${sha256("other")}  y.zip\n${sha256("content")}  x.zip\n`,
    };
    const { server } = await publish(world, files, (base) => ({
      [RECIPE]: download(`${base}/{version}/x.zip`, `checksum_url = "${base}/{version}/SHA256SUMS"`),
    }));
    await using _ = server;
    await world.comment("olga", "/batch verify ncurses");
    expect(world.replies()).toEqual([
      expect.stringContaining("`/batch verify ncurses --version <version>`".slice(1, -1)),
    ]);
    await world.comment("olga", "/batch verify ncurses --version 1.2");
    expect(world.replies().at(-1)).toContain("**as published**");
  });

  test("stops the ecosystem on a drift, and names the batch and what came with it", async ({ world }) => {
    const { server, files, number } = await publish(world, { "/x.tgz": "content" }, (base) => ({
      [RECIPE]: download(`${base}/x.tgz`, `checksum = "${sha256("content")}"`),
      "recipes/z/zlib.toml": "[metadata]\n",
    }));
    await using _ = server;
    files["/x.tgz"] = "evil";
    await world.comment("olga", "/batch verify ncurses");
    expect(world.replies().at(-1)).toContain("**is not what was published**");
    const [incident, ...others] = world.openIncidents();
    expect(others).toEqual([]);
    expect(incident?.labels).toContain("severity:critical");
    expect(incident?.title).toBe("Checksum drift at files.files.example");
    expect(incident?.body).toContain(`published sha256 \`${sha256("content")}\`, found \`${sha256("evil")}\``);
    expect(incident?.body).toContain(`[#${number}]`);
    expect(incident?.body).toContain("`recipes/z/zlib.toml`");
    expect(incident?.body).toContain("/batch rollback 2026-02-18-homebrew --dry-run");
    const [hold] = world.control().batchkeeper?.holds ?? [];
    expect(hold).toMatchObject({ scope: "homebrew", kind: "security", by: "supply-chain" });
    expect(hold?.incident_url).toMatch(/\/issues\/\d+$/);
  });

  test("makes one incident and one hold of many drifts at one host", async ({ world }) => {
    const { server, files } = await publish(world, { "/a": "a", "/b": "b" }, (base) => ({
      "recipes/a/a.toml": download(`${base}/a`, `checksum = "${sha256("a")}"`),
      "recipes/b/b.toml": download(`${base}/b`, `checksum = "${sha256("b")}"`),
    }));
    await using _ = server;
    Object.assign(files, { "/a": "new a", "/b": "new b" });
    await world.comment("olga", "/batch verify a\n/batch verify b\n/batch verify a");
    const [incident, ...others] = world.incidents();
    expect(others).toEqual([]);
    expect(world.replies(incident?.number)).toEqual([expect.stringContaining("`recipes/b/b.toml`")]);
    expect(world.held()).toEqual(["homebrew"]);
  });

  test("tells the drifts of each host in the incident of that host, and stops once", async ({ world }) => {
    const mirrorOf = (url: string) => url.replace("files.files", "mirror.files");
    const { server, files, base } = await publish(world, { "/a": "a", "/b": "b", "/c": "c" }, (url) => {
      const steps = [`${url}/a`, `${mirrorOf(url)}/b`, `${url}/c`].map(
        (file) => `[[steps]]\naction = "download"\nurl = "${file}"\nchecksum = "${sha256(file.slice(-1))}"\n`,
      );
      return { [RECIPE]: steps.join("\n") };
    });
    await using _ = server;
    Object.assign(files, { "/a": "new a", "/b": "new b", "/c": "new c" });
    await world.comment("olga", "/batch verify ncurses\n/batch verify ncurses");
    const incidents = world.openIncidents();
    expect(incidents.map(({ title }) => title)).toEqual([
      "Checksum drift at files.files.example",
      "Checksum drift at mirror.files.example",
    ]);
    for (const { body } of incidents) expect(body).toContain("3 of 3 differ");
    expect(incidents[1]?.body).toContain(`**differs**: \`${mirrorOf(base)}/b\``);
    expect(world.held()).toEqual(["homebrew"]);
    expect(incidents.flatMap(({ number }) => world.replies(number))).toEqual([]);
    for (const content of ["newer c", "newest c"]) {
      files["/c"] = content;
      await world.comment("olga", "/batch verify ncurses");
      expect(world.replies(incidents[0]?.number).at(-1)).toContain(sha256(content));
    }
  });

  test("tells what could not be compared from what differs, and stops nothing for it", async ({ world }) => {
    const { server } = await publish(world, {}, (base) => ({
      [RECIPE]: [
        download(`${base}/gone`, `checksum = "${sha256("x")}"`),
        `[[steps]]\naction = "download"\nurl = "http://files.files.example/x"\nsha256 = "${sha256("x")}"`,
        `[[steps]]\naction = "download"\nurl = "https://169.254.169.254/x"\nsha256 = "${sha256("x")}"`,
      ].join("\n"),
    }));
    await using _ = server;
    await world.comment("olga", "/batch verify ncurses");
    const result = world.replies().at(-1) ?? "";
    expect(result).toMatch(/http-status: .*not-https: .*not-public: /s);
    expect(world.openIncidents()).toEqual([]);
    expect(world.held()).toEqual([]);
  });

  test("holds up no command that comes while it downloads", async ({ world }) => {
    let release = () => {};
    await using server = await loopbackServer((_, response) => {
      response.writeHead(200).write("con");
      release = () => void response.end("tent");
    });
    const text = download(`https://files.files.example:${server.port}/x`, `checksum = "${sha256("content")}"`);
    await world.push("olga", { [RECIPE]: text });
    await world.github.commentAs("olga", REPOSITORY, 1, "/batch verify ncurses");
    await expect.poll(() => server.asked(), { timeout: 10_000 }).toBe(1);
    await world.github.commentAs("olga", REPOSITORY, 1, "/batch stop npm — mirror");
    await expect.poll(() => world.held(), { timeout: 10_000 }).toEqual(["npm"]);
    expect(world.replies().join()).not.toContain("**as published**");
    release();
    await world.quiet();
    expect(world.replies().join()).toContain("**as published**");
  });

  test("is finished by the next process when this one stops in the middle", async ({ world }) => {
    let isSlow = true;
    await using server = await loopbackServer((_, response) => {
      response.writeHead(200).write("content");
      if (!isSlow) response.end();
    });
    const text = download(`https://files.files.example:${server.port}/x`, `checksum = "${sha256("content")}"`);
    await world.push("olga", { [RECIPE]: text });
    await world.github.commentAs("olga", REPOSITORY, 1, "/batch verify ncurses");
    await expect.poll(() => server.asked(), { timeout: 10_000 }).toBe(1);
    isSlow = false;
    const start = performance.now();
    await world.startApp({ forget: false });
    expect(performance.now() - start).toBeLessThan(10_000);
    await world.quiet();
    expect(world.replies().filter((reply) => reply.includes("**as published**"))).toHaveLength(1);
  });

  test.for([
    ["/batch verify", "needs the name of a recipe"],
    ["/batch verify nothing", "There is no recipe `nothing`"],
    ["/batch verify ../../etc/passwd", "is no name of a recipe"],
    ["/batch verify cmake --version ../x", "needs a version"],
  ] as const)("refuses %s, and says why", async ([line, why], { world }) => {
    await world.comment("olga", line);
    expect(world.replies().at(-1)).toContain(why);
  });

  test("downloads nothing for somebody who may only read", async ({ world }) => {
    await world.comment("rita", "/batch verify cmake");
    expect(world.replies()).toEqual([expect.stringContaining("needs write")]);
  });

  test("says what has nothing to compare with", async ({ world }) => {
    await world.comment("olga", "/batch verify cmake");
    expect(world.replies().at(-1)).toContain("**Nothing was compared**");
  });
});

describe("every day", () => {
  test("by default nothing is downloaded, and no call is made for it", async ({ world }) => {
    const { server } = await publish(world, { "/x": "x" }, (base) => ({
      [RECIPE]: download(`${base}/x`, `checksum = "${sha256("x")}"`),
    }));
    await using _ = server;
    await world.pass(2 * DAY);
    expect(server.asked()).toBe(0);
  });

  testIn({ reach: REACH, files: { [CONFIGURATION]: "supply_chain: { downloads_a_day: 1 }\n" } })(
    "as many recipes as there are downloads for are verified again, each in its turn, and a drift is critical",
    async ({ world }) => {
      const { server, files } = await publish(world, { "/a": "a", "/b": "b" }, (base) => ({
        "recipes/a/a.toml": download(`${base}/a`, `checksum = "${sha256("a")}"`),
        "recipes/b/b.toml": download(`${base}/b`, `checksum = "${sha256("b")}"`),
        "recipes/c/c.toml": download(`${base}/{version}/c`, `checksum_url = "${base}/{version}/SHA256SUMS"`),
      }));
      await using _ = server;
      await world.pass(DAY);
      expect(server.asked()).toBe(1);
      await world.pass(DAY);
      expect(server.asked()).toBe(2);
      expect(world.openIncidents().filter(({ title }) => title.includes("drift"))).toEqual([]);
      files["/b"] = "evil";
      await world.pass(DAY);
      await world.pass(DAY);
      expect(server.asked()).toBe(4);
      expect(world.openIncidents().filter(({ title }) => title.includes("drift"))).toHaveLength(1);
      expect(world.held()).toContain("homebrew");
      expect(world.replies()).toEqual([]);
    },
  );
});

describe("/batch audit", () => {
  test("lists what changed recipes and by which way, newest first", async ({ world }) => {
    const { server, number } = await publish(world, {}, () => ({
      [RECIPE]: "[metadata]\n",
      "recipes/c/cmake.toml": "x = 1\n",
    }));
    await using _ = server;
    const sha = await world.push("olga", { "recipes/j/jq.toml": "[metadata]\n" }, "jq @team <!-- x -->");
    await world.comment("rita", "/batch audit --since 2d");
    const [reply = ""] = world.replies();
    expect(reply).toMatch(/\*\*\d+ came by no merged pull request\*\*/);
    expect(reply).toContain(sha.slice(0, 10));
    expect(reply).toContain("`jq @team <!-- x -->`");
    expect(reply).toContain(`[#${number}]`);
    expect(reply).toContain("batch `2026-02-18-homebrew`");
    expect(reply).toContain("`recipes/n/ncurses.toml`, changed `recipes/c/cmake.toml`".split(", ")[0]);
    expect(reply.indexOf(sha.slice(0, 10))).toBeLessThan(reply.indexOf(`[#${number}]`));
    await world.pass(3 * DAY);
    await world.comment("rita", "/batch audit --since 1h");
    expect(world.replies().at(-1)).toContain("Nothing changed recipes since");
  });

  test.for(["tomorrow", "2999-01-01", "0", "-1d"])("refuses %s", async (time, { world }) => {
    await world.comment("rita", `/batch audit --since ${time}`);
    expect(world.replies().at(-1)).toMatch(/not past|is past/);
  });
});

test("a stop that was made before its incident could be written names it once it is", async ({ world }) => {
  const { server, files } = await publish(world, { "/x.tgz": "content" }, (base) => ({
    [RECIPE]: download(`${base}/x.tgz`, `checksum = "${sha256("content")}"`),
  }));
  await using _ = server;
  files["/x.tgz"] = "new content";
  const fault = world.github.fault({ method: "POST", path: /\/issues$/, status: 500 });
  const verifying = world.comment("olga", "/batch verify ncurses");
  const holds = () => world.control().batchkeeper?.holds ?? [];
  await expect.poll(holds, { timeout: 10_000 }).toMatchObject([{ incident_url: "" }]);
  fault.remove();
  await verifying;
  const [incident] = world.openIncidents();
  const url = `${world.github.url}/${REPOSITORY}/issues/${incident?.number}`;
  expect(holds()).toMatchObject([{ scope: "homebrew", incident_url: url }]);
});
