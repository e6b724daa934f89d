import { expect, test } from "vitest";
import { ecosystemToStop } from "../../../src/domain/supply-chain/recipe-ecosystem.ts";

test.for([
  ["of the batch that brought the recipe", ["download"], ["homebrew"], "homebrew"],
  ["of the batch, whatever the steps say", ["cask", "npm_install"], ["homebrew"], "homebrew"],
  ["of the step, where a batch was of several", ["cask"], ["homebrew", "npm"], "cask"],
  ["of the steps that are of one", ["pip_install", "pipx_install"], [], "pypi"],
  ["everything, for steps of two", ["cask", "npm_install"], [], "*"],
  ["everything, where one of the steps tells nothing", ["cask", "download"], [], "*"],
  ["everything, where nothing tells one", ["download"], [], "*"],
] as const)("What is stopped is %s", ([, actions, ecosystems, scope]) => {
  expect(ecosystemToStop(actions, ecosystems)).toBe(scope);
});
