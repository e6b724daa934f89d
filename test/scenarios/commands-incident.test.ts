import { describe, expect } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/domain/instant.ts";
import { latest, report, say, test, timeline, words } from "./incident-story.ts";
import { REPOSITORY } from "./world.ts";

describe("the commands on incidents", () => {
  test("need an operator, but for the clock, which everybody may see", async ({ world }) => {
    await report(world);
    for (const action of ["open", "ack", "severity low", "escalate", "resolve"]) {
      await say(world, "rita", `/batch incident ${action}`);
      expect(words(world).at(-1)).toContain("**refused**: `rita` has the role read here");
    }
    await say(world, "rita", "/batch incident");
    expect(words(world).at(-1)).toContain("answer within 1 h 0 min");
    expect(world.incidents()).toHaveLength(1);
  });

  test("in a thread that is no incident name those that are open", async ({ world }) => {
    await world.comment("olga", "/batch incident ack");
    expect(world.replies().at(-1)).toContain("This thread is no incident. None is open");
    await report(world);
    await world.comment("olga", "/batch incident ack");
    expect(world.replies().at(-1)).toContain("Open are #2 (critical): name one, `/batch incident ack #2`");
    await world.comment("olga", "/batch incident ack #1");
    expect(world.replies().at(-1)).toContain("#1 is no incident");
  });

  test("lower a severity by a person's decision, which the bot leaves alone", async ({ world }) => {
    for (let run = 0; run < 4; run += 1)
      await world.run({ npm: "failure" }, { endedAt: Date.now() - (9 - run) * HOUR });
    await say(world, "olga", "/batch incident severity low — npm may wait");
    expect(latest(world)?.labels).toContain("severity:low");
    await world.run({ npm: "failure" }, { endedAt: Date.now() - 4 * HOUR });
    await world.run({ npm: "failure" }, { endedAt: Date.now() - MINUTE });
    expect(words(world).at(-1)).toContain("opened 3 times");
    expect(latest(world)?.labels.filter((name) => name.startsWith("severity:"))).toEqual(["severity:low"]);
    await world.pass(2 * DAY);
    expect(words(world).filter((text) => text.startsWith("@petra"))).toEqual([]);
  });

  test("decide on a severity and write down who did, or do neither", async ({ world }) => {
    await report(world);
    const fault = world.github.fault({ method: "PATCH", path: /\/issues\/\d+$/, status: 500 });
    await say(world, "olga", "/batch incident severity low — npm may wait");
    expect(latest(world)?.labels).toContain("severity:critical");
    expect(words(world).at(-1)).toContain("**failed**");
    fault.remove();
    await say(world, "olga", "/batch incident severity low — npm may wait");
    expect(latest(world)?.labels).toEqual(["batchkeeper", "incident", "severity:low"]);
    expect(timeline(world)).toContain("severity");
  });

  test("call the people that the settings name, with the reason as code", async ({ world }) => {
    await report(world);
    await say(world, "olga", "/batch incident escalate — who knows @everyone?");
    expect(words(world)[0]).toBe("@petra @acme/owners: **Escalated by `olga`**: `who knows @everyone?`");
    expect(words(world).at(-1)).toContain("**Escalated**: `@petra`, `@acme/owners` were called");
  });

  test("open one incident, however often the comment is delivered", async ({ world }) => {
    const comment = await report(world, "high");
    await world.startApp();
    await world.redeliver(world.deliveryOf(comment));
    expect(world.incidents()).toMatchObject([{ labels: ["batchkeeper", "incident", "severity:high"] }]);
  });

  test("open an incident to which a stop in the same comment belongs", async ({ world }) => {
    await world.comment("olga", "/batch incident open critical — odd checksums\n/batch stop — odd checksums");
    expect(world.control().incident_url).toBe(`${world.github.url}/${REPOSITORY}/issues/${latest(world)?.number}`);
  });

  test("resolve nothing twice", async ({ world }) => {
    await report(world);
    await say(world, "olga", "/batch incident resolve");
    await say(world, "olga", "/batch incident resolve");
    expect(words(world).at(-1)).toContain("is closed already");
    expect(timeline(world).filter((kind) => kind === "resolved")).toHaveLength(1);
  });
});
