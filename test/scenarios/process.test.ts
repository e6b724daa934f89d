import { describe, expect } from "vitest";
import { appPrivateKey } from "../github/app-key.ts";
import { environmentBeside, Program, receive } from "./program.ts";
import { REPOSITORY, testIn } from "./world.ts";

const test = testIn({ beginsNow: true });

/** The program is a process of its own: nothing here tells when it is done. */
const PATIENTLY = { timeout: 10_000 };

const CREDENTIALS = {
  APP_ID: "4711",
  PRIVATE_KEY: await appPrivateKey(),
  WEBHOOK_SECRET: "a secret of this test",
};

describe("a missing or malformed variable ends the start with code 78 and one line that names it", () => {
  test.for([
    { variable: "APP_ID", value: "" },
    { variable: "APP_ID", value: "sesame" },
    { variable: "PRIVATE_KEY", value: "" },
    { variable: "PRIVATE_KEY", value: "sesame" },
    { variable: "WEBHOOK_SECRET", value: "" },
    { variable: "WEBHOOK_SECRET", value: "sesame" },
    { variable: "PORT", value: "sesame" },
    { variable: "GHE_HOST", value: "https://sesame/" },
  ])("$variable=$value", async ({ variable, value }) => {
    const { code, output } = await new Program({ ...CREDENTIALS, [variable]: value }).exit();
    expect(code).toBe(78);
    expect(output).toMatch(new RegExp(`^batchkeeper: ${variable}[^\\n]*\\n$`));
    expect(output).not.toContain("sesame");
  });
});

test("the program is ready, answers, and works for GitHub at another address", async ({ world }) => {
  const port = await receive(world, new Program(environmentBeside(world)));
  expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
  await world.comment("olga", "/batch stop homebrew");
  await expect.poll(() => world.held(), PATIENTLY).toEqual(["homebrew"]);
});

test("told to end, the program finishes what is in hand and exits with 0", async ({ world }) => {
  const program = new Program(environmentBeside(world));
  await receive(world, program);
  world.beforeNext({ method: "POST", path: `/repos/${REPOSITORY}/git/refs` }, () => program.terminate());
  const asked = performance.now();
  await world.comment("olga", "/batch stop homebrew");
  const { code } = await program.exit();
  expect(code).toBe(0);
  // Far less than GitHub's connection is kept alive: five seconds.
  expect(performance.now() - asked).toBeLessThan(4000);
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.replies()).toHaveLength(1);
});

test("killed in the middle of a command that was answered 202, it is carried out after the next start", async ({
  world,
}) => {
  const environment = environmentBeside(world);
  const program = new Program(environment);
  await receive(world, program);
  world.beforeNext({ method: "POST", path: `/repos/${REPOSITORY}/pulls` }, () => program.kill());
  await world.comment("olga", "/batch stop homebrew");
  await program.exit();
  expect(world.held()).toEqual([]);
  await receive(world, new Program(environment));
  await expect.poll(() => world.replies(), PATIENTLY).toHaveLength(1);
  expect(world.held()).toEqual(["homebrew"]);
  expect(world.pulls()).toHaveLength(1);
});

test("a second program with the same DATA_DIR refuses to start, with a line that says why", async ({ world }) => {
  const environment = environmentBeside(world);
  await new Program(environment).ready();
  const { code, output } = await new Program(environment).exit();
  expect(code).toBe(1);
  expect(output).toMatch(/^batchkeeper: DATA_DIR \S+ is in use by another Batchkeeper[^\n]*\n$/);
});

test("a port that is taken ends the start with a line that says so", async ({ world }) => {
  const { port } = new URL(world.url);
  const { code, output } = await new Program({ ...environmentBeside(world), PORT: port }).exit();
  expect(code).toBe(1);
  expect(output).toMatch(/^batchkeeper: listen EADDRINUSE[^\n]*\n$/);
});
