import { describe, expect, test } from "vitest";
import { runnerSystem } from "../../../src/domain/budget/runner-system.ts";

const NONE = new Map();

describe("the labels of a job tell what it ran on", () => {
  test.each([
    [["ubuntu-latest"], "GitHub Actions", "linux"],
    [["ubuntu-24.04-arm"], "GitHub Actions", "linux"],
    [["Ubuntu-22.04"], "GitHub Actions", "linux"],
    [["ubuntu-24.04-16core"], "Default Larger Runners", "linux"],
    [["buildjet-4vcpu-ubuntu-2204"], "Default", "linux"],
    [["macos-14"], "GitHub Actions", "macos"],
    [["macos-15-intel"], "GitHub Actions", "macos"],
    [["aarch64-darwin"], "GitHub Actions", "macos"],
    [["windows-2025"], "GitHub Actions", "windows"],
    [["self-hosted", "linux", "x64"], "Default", "self-hosted"],
    [["self-hosted", "macOS"], "Default", "self-hosted"],
    [["our-scale-set"], "Default", "self-hosted"],
    [["gpu-large"], "GitHub Actions", "unknown"],
    [["gpu-large"], null, "unknown"],
    [[], "GitHub Actions", "unknown"],
    [["macos-cross-linux"], "GitHub Actions", "unknown"],
  ])("%j of the group %j: %s", (labels, runnerGroup, system) => {
    expect(runnerSystem({ labels, runnerGroup }, NONE)).toBe(system);
  });

  test("the settings' own come first, in any case", () => {
    const known = new Map([["gpu-large", "linux" as const]]);
    expect(runnerSystem({ labels: ["self-hosted", "GPU-Large"], runnerGroup: "Default" }, known)).toBe("linux");
  });
});
