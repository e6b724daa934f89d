import { fc, test as propertyTest } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { catalog } from "../../src/commands/catalog.ts";
import { parseCommand } from "../../src/commands/parse-command.ts";
import { knownEcosystems } from "../../src/config/known-ecosystems.ts";
import { DEFAULT_CONFIGURATION } from "../../src/config/schema.ts";
import { printBox, tickedIn, ticksBetween, withEmptyBoxes } from "../../src/dashboard/box.ts";
import { describeOffer, type Offer, offerKey, offersOf, readOffer, wordsOf } from "../../src/dashboard/offer.ts";
import { arbitraryControl } from "../domain/control/arbitrary-control.ts";

const offer = (key: string): Offer => {
  const found = readOffer(key);
  if (found === null) throw new Error(`${key} is no offer`);
  return found;
};
const STOP = offer("stop:*");
const NPM = offer("resume:npm");
const box = (of: Offer, mark = " ") => printBox(of).replace("- [ ]", `- [${mark}]`);

test.each<[string, string, string, readonly Offer[], number]>([
  ["a box that was ticked", box(NPM), box(NPM, "x"), [NPM], 0],
  ["a box that was ticked with a capital", box(NPM), box(NPM, "X"), [NPM], 0],
  ["one of two", `${box(STOP)}\n${box(NPM)}`, `${box(STOP)}\n${box(NPM, "x")}`, [NPM], 0],
  ["lines as a browser ends them", `${box(STOP)}\n\n`, `${box(STOP, "x")}\r\n\r\n`, [STOP], 0],
  ["a box that was ticked already", box(NPM, "x"), box(NPM, "x"), [], 0],
  ["a box that was emptied", box(NPM, "x"), box(NPM), [], 0],
  ["a box that somebody wrote ticked", "", box(NPM, "x"), [], 0],
  ["a box whose words were changed with the tick", box(NPM), box(NPM, "x").replace("npm**", "all**"), [], 0],
  ["a box whose command was changed with the tick", box(NPM), box(NPM, "x").replace("resume:npm", "stop:*"), [], 0],
  ["a box of other words", box(NPM).replace("Resume", "Look at"), box(NPM, "x").replace("Resume", "Look at"), [], 1],
  [
    "a box of another command",
    box(NPM).replace("resume:npm", "stop:*"),
    box(NPM, "x").replace("resume:npm", "stop:*"),
    [],
    1,
  ],
  ["a box of somebody's list", "- [ ] call olga", "- [x] call olga", [], 1],
  ["a box in a quote", `> ${box(NPM)}`, `> ${box(NPM, "x")}`, [], 0],
])("%s", (_what, before, after, offers, foreign) => {
  expect(ticksBetween(before, after)).toEqual({ offers, foreign });
});

test.each([
  "",
  "stop",
  "stop:",
  "stop:NPM",
  "stop:all",
  "stop:everything",
  "stop:npm.",
  "stop:a b",
  "reset:*",
  "rollback:npm",
  "stop:npm --now",
])("%j names no offer", (key) => expect(readOffer(key)).toBeNull());

propertyTest.prop([arbitraryControl(), fc.integer()])(
  "what is offered is read again, each once, whichever are ticked",
  (control, seed) => {
    const offers = offersOf(control, knownEcosystems(DEFAULT_CONFIGURATION, control));
    expect(offers.map((each) => readOffer(offerKey(each)))).toEqual(offers);
    const chosen = offers.filter((_, index) => (seed >> (index % 30)) & 1);
    const before = offers.map(printBox).join("\n");
    const after = offers.map((each) => box(each, chosen.includes(each) ? "x" : " ")).join("\n");
    expect(ticksBetween(before, after)).toEqual({ offers: chosen, foreign: 0 });
    expect(tickedIn(after)).toEqual(chosen);
    expect(withEmptyBoxes(after)).toBe(before);
  },
);

propertyTest.prop([arbitraryControl()])("what is offered is a command that means just what its box says", (control) => {
  const known = knownEcosystems(DEFAULT_CONFIGURATION, control);
  for (const each of offersOf(control, known)) {
    const line = { number: 1, words: wordsOf(each) };
    const parsed = parseCommand(line, catalog, { known, aliases: new Map(), now: 0 });
    expect(parsed).toMatchObject({ kind: "command", verb: each.verb === "reset" ? "breaker" : each.verb, notes: [] });
    expect(describeOffer(each)).toContain(each.scope === "*" ? "everything" : each.scope);
  }
});
