import { expect, test } from "vitest";
import { Seal } from "../../src/github/seal.ts";

const seal = new Seal("a key");
const place = { fullName: "acme/recipes", branch: "batchkeeper/lift-security-1" };
const message = "chore(batch): lift\n\nRequested-By: olga (7)";
const sealed = seal.set(message, place);

test("a sealed message is opened where it was sealed, however GitHub spells the repository", () => {
  expect(seal.open(sealed, place)).toBe(message);
  expect(seal.open(`${sealed}\n`, { ...place, fullName: "Acme/Recipes" })).toBe(message);
});

test.each([
  ["another word", sealed.replace("(7)", "(8)"), place],
  ["another branch", sealed, { ...place, branch: "batchkeeper/lift-security-2" }],
  ["another repository", sealed, { ...place, fullName: "acme/others" }],
  ["no seal", message, place],
  ["words after the seal", `${sealed}\nRequested-By: mira (8)`, place],
  ["another key", new Seal("other").set(message, place), place],
])("with %s it is not ours", (_, text, where) => {
  expect(seal.open(text, where)).toBeNull();
});
