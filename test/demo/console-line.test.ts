import { expect, test } from "vitest";
import { readConsoleLine } from "../../demo/console-line.ts";

test.each([
  ["", { kind: "nothing" }],
  [" quit ", { kind: "quit" }],
  ["help", { kind: "help" }],
  ["file", { kind: "file" }],
  ["issues", { kind: "issues" }],
  ["run homebrew failure", { kind: "run", ecosystem: "homebrew", conclusion: "failure" }],
  ["run crates.io success", { kind: "run", ecosystem: "crates.io", conclusion: "success" }],
  ["/batch status", { kind: "comment", login: "olga", body: "/batch status" }],
  ["as rita: /batch stop npm: outage", { kind: "comment", login: "rita", body: "/batch stop npm: outage" }],
])("%j", (line, asked) => {
  expect(readConsoleLine(line)).toEqual(asked);
});

test.each(["run homebrew maybe", "run __proto__ failure", "as ../x: hello", "as rita:", "files"])(
  "%j is a comment like any other text",
  (line) => {
    expect(readConsoleLine(line)).toEqual({ kind: "comment", login: "olga", body: line });
  },
);
