import { expect } from "vitest";
import { CONFIGURATION, test, testIn } from "./world.ts";

const STRICT = "breaker: { consecutive: 1 }\n";

test.for([
  {
    what: "an unknown key",
    text: "breaker:\n  consecutiv: 3\n",
    problem: "unknown key breaker.consecutiv",
  },
  { what: "a wrong value", text: "breaker:\n  consecutive: many\n", problem: "line 2, column 16" },
  { what: "broken YAML", text: "breaker: [\n", problem: "line 2" },
  { what: "an alias", text: "a: &x 1\n", problem: "anchors (&name)" },
  { what: "a path out of the repository", text: "control_file: ../x\n", problem: "line 1, column 15" },
])("$what in the configuration is answered with an issue that says where", async ({ text, problem }, { world }) => {
  await world.push("olga", { [CONFIGURATION]: text });
  expect(world.openIncidents()).toMatchObject([
    {
      title: "The configuration cannot be used",
      labels: ["batchkeeper", "incident", "severity:low"],
      body: expect.stringContaining(problem),
    },
  ]);
});

test("the last good settings stay in force while the configuration is broken", async ({ world }) => {
  await world.push("olga", { [CONFIGURATION]: STRICT });
  await world.push("olga", { [CONFIGURATION]: "breaker: many\n" });
  await world.run({ homebrew: "failure" });
  expect(world.control().circuit_breaker.homebrew?.state).toBe("open");
});

test("they stay in force for an app that has lost its memory", async ({ world }) => {
  await world.push("olga", { [CONFIGURATION]: STRICT });
  await world.push("olga", { [CONFIGURATION]: "breaker: many\n" });
  await world.startApp();
  await world.run({ homebrew: "failure" });
  expect(world.control().circuit_breaker.homebrew?.state).toBe("open");
});

test("the push that mends the configuration closes the issue and is in force", async ({ world }) => {
  await world.push("olga", { [CONFIGURATION]: "breaker: many\n" });
  await world.push("olga", { [CONFIGURATION]: STRICT });
  expect(world.incidents()).toMatchObject([{ state: "closed" }]);
  await world.run({ homebrew: "failure" });
  expect(world.control().circuit_breaker.homebrew?.state).toBe("open");
});

test("a configuration that is removed leaves the defaults", async ({ world }) => {
  await world.push("olga", { [CONFIGURATION]: STRICT });
  await world.push("olga", { [CONFIGURATION]: null });
  await world.run({ homebrew: "failure" });
  expect(world.control().circuit_breaker.homebrew?.state).toBe("closed");
});

testIn({ files: { [CONFIGURATION]: "control_file: ci/control.json\n", "ci/control.json": "{}\n" } })(
  "the control file is where the configuration says",
  async ({ world }) => {
    const before = world.controlText();
    await world.comment("olga", "/batch stop homebrew");
    const text = world.github.fileAt("acme/recipes", "ci/control.json") ?? "";
    expect(JSON.parse(text)).toMatchObject({ disabled_ecosystems: ["homebrew"] });
    expect(world.controlText()).toBe(before);
  },
);

testIn({ files: { [CONFIGURATION]: "workflows: [nightly.yml]\n" } })(
  "only the workflows that are configured are counted",
  async ({ world }) => {
    world.github.addWorkflow("acme/recipes", ".github/workflows/nightly.yml", "Nightly");
    await world.run({ homebrew: "failure" });
    await world.run({ npm: "failure" }, { workflow: "nightly.yml" });
    expect(Object.keys(world.control().circuit_breaker)).toEqual(["infrastructure", "npm"]);
  },
);
