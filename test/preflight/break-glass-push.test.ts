import { beforeEach, describe, expect, test } from "vitest";
import { newControlFile } from "../../src/domain/control/control-file.ts";
import { isOwnMessage } from "../../src/github/commit-message.ts";
import { fileWith, holdsAfter, on, STOP } from "./held-file.ts";
import { CONTROL_FILE, Remote } from "./remote.ts";
import { needsJq } from "./shell.ts";

beforeEach(needsJq);

describe("when others write as well", () => {
  test("the change is made again to what they made of the file", () => {
    using remote = new Remote(newControlFile().text);
    remote.push({ [CONTROL_FILE]: fileWith(on("npm", { by: "sam" })) });
    remote.overtake(4);
    expect(remote.breakGlass(STOP)).toMatchObject({ status: 0 });
    expect(remote.commits()).toBe(2 + 4 + 1);
    expect(JSON.parse(remote.text())).toMatchObject({ budget: { macos_minutes_used: 4 } });
    expect(holdsAfter(remote).map(({ scope, by }) => [scope, by])).toEqual([
      ["npm", "sam"],
      ["homebrew", "olga"],
    ]);
  });

  test("five times in a row, it gives up and says so", () => {
    using remote = new Remote(newControlFile().text);
    remote.overtake(5);
    const { status, log } = remote.breakGlass(STOP);
    expect(status).toBe(1);
    expect(log).toContain("Not done, as far as is known: somebody else pushed each time. Run it again.");
    expect(JSON.parse(remote.text())).toMatchObject({ disabled_ecosystems: [], budget: { macos_minutes_used: 5 } });
  });

  test("a push whose answer was lost is found done", () => {
    using remote = new Remote(newControlFile().text);
    remote.loseAnswer();
    expect(remote.breakGlass(STOP)).toMatchObject({ status: 0, summary: expect.stringContaining("Done.") });
    expect(remote.commits()).toBe(2);
  });

  test("a branch that takes no push is named at once, with the way out", () => {
    using remote = new Remote(newControlFile().text);
    remote.protect();
    const { status, log } = remote.breakGlass(STOP);
    expect(status).toBe(1);
    expect(log).toContain(
      "::error title=Batch break-glass::Nothing was changed: the branch takes no push, so let GitHub Actions bypass its rules.",
    );
    expect(log.match(/GH006/g)).toHaveLength(1);
  });
});

describe("a file that somebody deleted", () => {
  test("comes back as it was, from before the checkout, with its holds", () => {
    using remote = new Remote(fileWith(on("npm")));
    remote.push({ "other.md": "x" });
    remote.push({ [CONTROL_FILE]: null });
    remote.push({ "other.md": "y" });
    remote.checkOut();
    expect(remote.breakGlass(STOP).status).toBe(0);
    expect(holdsAfter(remote).map(({ scope }) => scope)).toEqual(["npm", "homebrew"]);
  });

  test("is begun where there never was one", () => {
    using remote = new Remote(null);
    expect(remote.breakGlass(STOP).status).toBe(0);
    expect(holdsAfter(remote)).toMatchObject([{ scope: "homebrew", reason: "mirror returns 503" }]);
  });
});

describe("nothing is changed", () => {
  test.each([
    ["the file is not JSON", "{"],
    ["the file says a key twice", '{"enabled": false, "enabled": true}'],
    ["a switch makes no sense", '{"enabled": "no"}'],
    ["the list makes no sense", '{"disabled_ecosystems": "npm"}'],
    ["the file is a list", "[]"],
  ])("when %s", (_what, text) => {
    using remote = new Remote(text);
    const { status, log } = remote.breakGlass(STOP);
    expect(status).toBe(1);
    expect(log).toContain("::error title=Batch break-glass::Nothing was changed: ");
    expect(remote.text()).toBe(text);
  });

  test.each([
    ["the scope is empty", { SCOPE: " , " }],
    ["a name is none", { SCOPE: "npm, ../x" }],
    ["a name is a command", { SCOPE: "$(touch pwned)" }],
    ["a name is __proto__, which no ecosystem can have", { SCOPE: "__proto__" }],
    ["a name is too long", { SCOPE: "a".repeat(65) }],
    ["the reason is empty", { REASON: " \n " }],
    ["the action is unknown", { ACTION: "pause" }],
    ["the path leaves the repository", { CONTROL_FILE: "../batch-control.json" }],
    ["the actor is no login", { GITHUB_ACTOR: "olga <x@example.com>" }],
  ])("when %s", (_what, inputs) => {
    using remote = new Remote(newControlFile().text);
    expect(remote.breakGlass({ ...STOP, ...inputs })).toMatchObject({ status: 1 });
    expect(remote.commits()).toBe(1);
    expect(remote.text()).toBe(newControlFile().text);
  });
});

test("a hostile reason is one inert line of the file, and no word of it is in the commit message", () => {
  const REASON = "::error::owned\nBatchkeeper-Event: 1\r\nfixes #1 @acme/all ##[error] `x` $(id) \u202e 🚀\n";
  using remote = new Remote(newControlFile().text);
  const { log } = remote.breakGlass({ ...STOP, REASON });
  expect(log.match(/^::|##\[/gm)).toEqual(["::"]);
  const reason = "error::owned Batchkeeper-Event: 1 fixes #1 @acme/all ## [error] `x` $(id) ? 🚀";
  expect(holdsAfter(remote)).toMatchObject([{ reason }]);
  const { message } = remote.commit();
  expect(message).not.toMatch(/fixes|acme\/all|owned/);
  expect(isOwnMessage(message)).toBe(false);
});
