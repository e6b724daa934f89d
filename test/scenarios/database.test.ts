import { expect } from "vitest";
import { environmentFor } from "../../demo/environment.ts";
import { Relay } from "../inbox/relay.ts";
import { describeOnDatabase, dropSchema, newSchema } from "../inbox/test-database.ts";
import { Program } from "./program.ts";
import { REPOSITORY, testIn, type World } from "./world.ts";

const test = testIn({ beginsNow: true });

const SOON = { timeout: 15_000, interval: 50 };

/** A program whose database is behind a relay that nobody listens at yet. */
async function programBehindRelay(world: World) {
  const database = newSchema();
  const url = new URL(database.url);
  // A server that trusts this machine takes any.
  url.password ||= "sesame";
  const relay = await new Relay(url.href).reserve();
  const environment = { ...environmentFor(world.github), DATABASE_URL: relay.url, DATABASE_SCHEMA: database.schema };
  const program = new Program(environment);
  return { program, relay, database, password: url.password };
}

describeOnDatabase("a program whose database is not there", () => {
  test("listens, lives, is not ready, refuses events, tells no password, and is ready when it comes", async ({
    world,
  }) => {
    const { program, relay, database, password } = await programBehindRelay(world);
    const url = `http://127.0.0.1:${await program.ready("listening")}`;
    const status = async (path: string) => (await fetch(`${url}${path}`)).status;
    expect(await status("/live")).toBe(200);
    expect(await status("/ready")).toBe(503);
    expect(await status("/metrics")).toBe(200);
    world.github.webhookUrl = `${url}/api/github/webhooks`;
    const asked = performance.now();
    await world.github.commentAs("olga", REPOSITORY, 1, "/batch stop npm");
    await world.github.idle();
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(world.github.deliveries.at(-1)).toMatchObject({ statusCode: 503 });

    await relay.mend();
    await program.ready();
    expect(await status("/ready")).toBe(200);
    await world.github.commentAs("olga", REPOSITORY, 1, "/batch stop homebrew");
    await expect.poll(() => world.held().toSorted(), SOON).toEqual(["homebrew", "npm"]);
    program.terminate();
    const { code, output } = await program.exit();
    expect(code).toBe(0);
    expect(output).not.toContain(password);
    relay.cut();
    await dropSchema(database);
  });

  test("ends with 0 when it is told to", async ({ world }) => {
    const { program } = await programBehindRelay(world);
    await program.ready("listening");
    program.terminate();
    expect((await program.exit()).code).toBe(0);
  });
});
