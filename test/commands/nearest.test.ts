import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { nearest } from "../../src/commands/nearest.ts";

const NAMES = ["homebrew", "npm", "pypi", "crates.io", "rubygems", "github", "go"];

test.each([
  ["homebew", "homebrew"],
  ["HOMEBREWS", "homebrew"],
  ["hoembrew", "homebrew"],
  ["nmp", "npm"],
  ["npn", "npm"],
  ["pyip", "pypi"],
  ["crates", "crates.io"],
  ["ruby", "rubygems"],
  ["rubygem", "rubygems"],
  ["gihtub", "github"],
])("%s is a slip of %s", (typed, meant) => {
  expect(nearest(typed, NAMES)).toBe(meant);
});

test.each(["flatpak", "gitlab", "mirror", "down", "the", "g", "gp", "r", "brew", "", "x".repeat(60_000)])(
  "%.20s is a slip of none",
  (typed) => {
    expect(nearest(typed, NAMES)).toBeNull();
  },
);

property.prop([fc.constantFrom("homebrew", "crates.io", "rubygems"), fc.nat(7)])(
  "a missing letter is near",
  (name, at) => {
    expect(nearest(name.slice(0, at) + name.slice(at + 1), [name])).toBe(name);
  },
);
