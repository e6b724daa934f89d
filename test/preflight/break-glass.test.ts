import { fc, test as propertyTest } from "@fast-check/vitest";
import { beforeEach, describe, expect, test } from "vitest";
import { newControlFile, readSoundFile } from "../../src/domain/control/control-file.ts";
import { writeControlFile } from "../../src/domain/control/write-control-file.ts";
import { arbitraryControl } from "../domain/control/arbitrary-control.ts";
import { fileWith, holdsAfter, on, RESUME, STOP } from "./held-file.ts";
import { CONTROL_FILE, Remote, RUN_URL } from "./remote.ts";
import { needsJq } from "./shell.ts";

beforeEach(needsJq);

describe("a stop", () => {
  test.each([
    ["homebrew", ["homebrew"], "disable homebrew batch processing"],
    ["npm, Homebrew", ["homebrew", "npm"], "disable homebrew, npm batch processing"],
    ["cargo", ["crates.io"], "disable crates.io batch processing"],
    ["all", ["*"], "emergency stop batch processing"],
    ["*", ["*"], "emergency stop batch processing"],
    ["everything npm", ["*", "npm"], "emergency stop batch processing"],
  ])("of %s becomes the holds that were meant, on %j", (SCOPE, scopes, subject) => {
    using remote = new Remote(newControlFile().text);
    const { status, summary } = remote.breakGlass({ ...STOP, SCOPE });
    expect(status).toBe(0);
    expect(summary).toContain("Done. Stopped: ");
    expect(holdsAfter(remote)).toEqual(
      scopes.map((scope) =>
        expect.objectContaining({
          scope,
          kind: "operator",
          reason: "mirror returns 503",
          by: "olga",
          until: null,
          incidentUrl: RUN_URL,
        }),
      ),
    );
    expect(Math.abs((holdsAfter(remote)[0]?.at ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(remote.commit()).toEqual({
      author: "olga <12+olga@users.noreply.github.com>",
      committer: "github-actions[bot]",
      message: `chore: ${subject}\n\nreason: see ${RUN_URL}\nincident_url: ${RUN_URL}\nRequested-By: olga (12)`,
      files: CONTROL_FILE,
    });
  });

  test("writes the fields of the runbook and keeps every other", () => {
    const before = { zeta: { a: [1, 2] }, ...JSON.parse(fileWith(on("npm"))), expected_resume: "Monday", last: null };
    using remote = new Remote(JSON.stringify(before));
    remote.breakGlass({ ...STOP, REASON: "down, see https://status.brew.sh/1 and (https://example.com)" });
    const after = JSON.parse(remote.text());
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(after).toEqual({
      ...before,
      disabled_ecosystems: ["homebrew", "npm"],
      reason: "down, see https://status.brew.sh/1 and (https://example.com)",
      incident_url: "https://status.brew.sh/1",
      disabled_by: "olga",
      disabled_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      expected_resume: "",
    });
  });

  test("that is in force already is no commit, under whatever name", () => {
    using remote = new Remote('{"enabled": true, "disabled_ecosystems": ["Cargo", "npm"]}');
    const { status, summary } = remote.breakGlass({ ...STOP, SCOPE: "npm, crates.io" });
    expect(status).toBe(0);
    expect(summary).toContain("Nothing to do. Already stopped: crates.io, npm.");
    expect(remote.commits()).toBe(1);
  });

  test("names what the file does not know, which may be a typing error, and stops it all the same", () => {
    using remote = new Remote('{"circuit_breaker": {"homebrew": {}}}');
    expect(remote.breakGlass({ ...STOP, SCOPE: "homebew" }).summary).toContain("a typing error: homebew");
    expect(holdsAfter(remote).map(({ scope }) => scope)).toEqual(["homebew"]);
  });

  test("lifts nothing where a switch is missing and only the holds say what is stopped", () => {
    const content = JSON.parse(fileWith(on("npm"), on("*")));
    delete content.enabled;
    delete content.disabled_ecosystems;
    using remote = new Remote(JSON.stringify(content));
    remote.breakGlass(STOP);
    expect(holdsAfter(remote).map(({ scope }) => scope)).toEqual(["npm", "*", "homebrew"]);
  });

  propertyTest.prop([arbitraryControl(), fc.constantFrom("*", "homebrew", "npm", "crates.io")], { numRuns: 8 })(
    "adds its hold to those that stand, and changes none of them",
    (control, SCOPE) => {
      const before = readSoundFile(writeControlFile(newControlFile(), control));
      using remote = new Remote(before.text);
      expect(remote.breakGlass({ ...STOP, SCOPE }).status).toBe(0);
      const isHeld = before.control.holds.some(({ scope }) => scope === SCOPE);
      const meant = expect.objectContaining({ scope: SCOPE, kind: "operator", reason: STOP.REASON, by: "olga" });
      expect(holdsAfter(remote)).toEqual([...before.control.holds, ...(isHeld ? [] : [meant])]);
      expect(readSoundFile(remote.text()).control).toEqual(before.control);
    },
    60_000,
  );
});

describe("a resume", () => {
  test("ends the hold that is named and no other", () => {
    using remote = new Remote(fileWith(on("homebrew"), on("npm"), on("*")));
    const { status, summary } = remote.breakGlass(RESUME);
    expect(status).toBe(0);
    expect(summary).toContain(
      "Resumed: homebrew. These holds end: h-000000 (operator, by olga). Still stopped: everything, npm.",
    );
    expect(holdsAfter(remote).map(({ scope }) => scope)).toEqual(["npm", "*"]);
    expect(remote.commit().message).toContain("chore: re-enable homebrew batch processing\n");
  });

  test("of everything ends the stop of everything, not those of ecosystems as the runbook's command does", () => {
    using remote = new Remote(fileWith(on("homebrew"), on("*")));
    expect(remote.breakGlass({ ...RESUME, SCOPE: "all" }).status).toBe(0);
    expect(holdsAfter(remote).map(({ scope }) => scope)).toEqual(["homebrew"]);
    expect(remote.commit().message).toContain("chore: re-enable batch processing\n");
  });

  test("of the last stop leaves the file as it was before the first", () => {
    using remote = new Remote(newControlFile().text);
    remote.breakGlass({ ...STOP, SCOPE: "all, npm" });
    remote.breakGlass({ ...RESUME, SCOPE: "all, npm" });
    expect(remote.commits()).toBe(3);
    expect(remote.text()).toBe(newControlFile().text);
  });

  test("ends a stop made by hand under whatever name", () => {
    using remote = new Remote('{"enabled": true, "disabled_ecosystems": ["Cargo", "../x", "*"]}');
    expect(remote.breakGlass({ ...RESUME, SCOPE: "crates.io all" }).status).toBe(0);
    expect(JSON.parse(remote.text())).toMatchObject({ enabled: true, disabled_ecosystems: ["../x"] });
  });

  test("of what is not stopped is no commit", () => {
    using remote = new Remote(fileWith(on("npm")));
    expect(remote.breakGlass(RESUME).summary).toContain("Nothing to do. Not stopped: homebrew.");
    expect(remote.commits()).toBe(1);
  });

  test.each([
    ["of another person", { by: "sam" }, "operator, by sam"],
    ["of the budget", { kind: "budget", by: "budget" }, "budget, by budget"],
  ] as const)("that would end a hold %s says so, and does it when told to", (_whose, hold, shown) => {
    using remote = new Remote(fileWith(on("homebrew"), on("homebrew", hold)));
    const refused = remote.breakGlass(RESUME);
    expect(refused.status).toBe(1);
    expect(refused.summary).toContain(`holds of others would end`);
    expect(refused.summary).toContain(shown);
    expect(remote.commits()).toBe(1);
    expect(remote.breakGlass({ ...RESUME, LIFT_HOLDS_OF_OTHERS: "true" }).status).toBe(0);
    expect(holdsAfter(remote)).toEqual([]);
  });

  test("never ends a security hold, which takes two people", () => {
    using remote = new Remote(fileWith(on("*", { kind: "security" })));
    const { status, summary } = remote.breakGlass({ ...RESUME, SCOPE: "all", LIFT_HOLDS_OF_OTHERS: "true" });
    expect(status).toBe(1);
    expect(summary).toContain("a security hold takes two people");
    expect(remote.commits()).toBe(1);
  });

  test("is not run again later, when it may be wrong", () => {
    using remote = new Remote(fileWith(on("homebrew")));
    expect(remote.breakGlass({ ...RESUME, GITHUB_RUN_ATTEMPT: "2" }).log).toContain("start it anew");
    expect(remote.commits()).toBe(1);
    expect(remote.breakGlass({ ...STOP, SCOPE: "npm", GITHUB_RUN_ATTEMPT: "2" }).status).toBe(0);
  });
});
