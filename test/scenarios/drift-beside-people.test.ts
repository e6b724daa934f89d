import { afterAll, describe, expect } from "vitest";
import { REACH, trustPublishers } from "../download/publisher.ts";
import { download, publish, RECIPE, sha256 } from "./publisher.ts";
import { REPOSITORY, testIn } from "./world.ts";

afterAll(trustPublishers());
const test = testIn({ reach: REACH });

// What is downloaded has a lane of its own, so that commands are carried out meanwhile.
describe("an incident that is acknowledged while it is made stays so:", () => {
  test.for([
    ["while the hold is written", { method: "PUT", path: /\/contents\/batch-control\.json$/ }],
    ["while the advisory is drafted", { method: "POST", path: /\/security-advisories$/ }],
  ] as const)("%s", async ([, call], { world }) => {
    const { server, files } = await publish(world, { "/x.tgz": "content" }, (base) => ({
      [RECIPE]: download(`${base}/x.tgz`, `checksum = "${sha256("content")}"`),
    }));
    await using _ = server;
    files["/x.tgz"] = "new content";
    let isAcknowledged = false;
    world.github.onCall(async ({ method, path }) => {
      const [incident] = world.openIncidents();
      if (isAcknowledged || incident === undefined || method !== call.method || !call.path.test(path)) return null;
      isAcknowledged = true;
      await world.github.commentAs("olga", REPOSITORY, incident.number, "/batch incident ack");
      await expect.poll(() => world.replies(incident.number).join()).toContain("acknowledged");
      return null;
    });
    await world.comment("olga", "/batch verify ncurses");
    expect(isAcknowledged).toBe(true);
    const [incident] = world.openIncidents();
    expect(incident?.body).toContain("**acknowledged**");
    expect(incident?.body).toContain("homebrew is stopped");
    expect(incident?.body).toMatch(/security advisory \S+ drafted/);
  });
});
