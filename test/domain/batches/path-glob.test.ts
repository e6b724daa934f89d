import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { globMatches, isGlob } from "../../../src/domain/batches/path-glob.ts";

describe("a glob", () => {
  test.each([
    ["cmake", "recipes/c/cmake.toml", true],
    ["cmake.toml", "recipes/c/cmake.toml", true],
    ["cmake", "recipes/c/cmake-extra.toml", false],
    ["c*e", "recipes/c/cmake.toml", true],
    ["c?ake", "recipes/c/cmake.toml", true],
    ["*", "recipes/c/cmake.toml", true],
    ["recipes/c/*", "recipes/c/cmake.toml", true],
    ["recipes/*", "recipes/c/cmake.toml", false],
    ["recipes/**", "recipes/c/cmake.toml", true],
    ["c/*.toml", "recipes/c/cmake.toml", true],
    ["**/cmake.toml", "recipes/c/cmake.toml", true],
    ["**/*m*e*/x", "recipes/c/cmake.toml", false],
    ["[c]make", "recipes/c/cmake.toml", false],
    ["ü*", "recipes/u/üñ.toml", true],
    ["😀?", "recipes/e/😀😀.toml", true],
  ] as const)("%s, %s: %s", (glob, path, matches) => expect(globMatches(glob, path, "recipes/")).toBe(matches));

  test.each(["/etc/passwd", "../x", "a/../b", "a\u202Eb", "a".repeat(201)])("%j is refused", (text) => {
    expect(isGlob(text)).toBe(false);
  });

  // The regular expression that the glob means, which a backtracking engine may take for ever to match.
  test.prop([fc.stringMatching(/^[ab*?]{0,8}$/), fc.stringMatching(/^[ab]{0,8}$/)])(
    "of one name means what its regular expression does",
    (glob, name) => {
      const pattern = new RegExp(`^${glob.replaceAll("?", ".").replaceAll("*", ".*")}$`, "u");
      expect(globMatches(glob, name, "recipes/")).toBe(pattern.test(name));
    },
  );

  test("that would take a backtracking matcher for ever takes no time", () => {
    const startedAt = process.cpuUsage();
    expect(globMatches("a*".repeat(90), `${"a".repeat(4000)}b`, "recipes/")).toBe(true);
    expect(globMatches(`${"a*".repeat(90)}c`, "a".repeat(4000), "recipes/")).toBe(false);
    expect(process.cpuUsage(startedAt).user / 1000).toBeLessThan(200);
  });
});
