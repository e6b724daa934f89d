import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { Ecosystem } from "../../../src/domain/ecosystem.ts";
import { CLASSIFICATION } from "../../../src/domain/incidents/classification.ts";
import {
  ailing,
  groupTitle,
  type Member,
  membersIn,
  membersSection,
  mergeMembers,
  placeOpening,
  replaceMembers,
  withOpening,
  withRecovery,
} from "../../../src/domain/incidents/group.ts";
import { HOUR, type Instant, MINUTE } from "../../../src/domain/instant.ts";

const START = Date.UTC(2026, 0, 28, 3, 15);
const NAMES = ["cargo", "homebrew", "npm", "pypi", "rubygems"] as Ecosystem[];
const [cargo, homebrew, npm] = NAMES as [Ecosystem, Ecosystem, Ecosystem];

function member(ecosystem: Ecosystem, openedAt: Instant | null, recoveredAt: Instant | null = null): Member {
  return { ecosystem, openedAt, recoveredAt };
}

describe("an opening is told", () => {
  const alone = { number: 2, members: [member(homebrew, START)] };
  const other = { number: 3, members: [member(cargo, START + 110 * MINUTE)] };

  test.each<[string, Instant | null, number | null, readonly number[]]>([
    ["with another within an hour after it", START + 45 * MINUTE, 2, []],
    ["with another within an hour before it", START - HOUR, 2, []],
    ["in a new incident after more than an hour", START - HOUR - 1, null, []],
    ["in a new incident when nobody knows when it was", null, null, []],
    ["where it shows that two are one, in the older", START + 55 * MINUTE, 2, [3]],
  ])("%s", (_, openedAt, host, absorbed) => {
    expect(placeOpening([other, alone], npm, openedAt)).toEqual({ host, absorbed });
  });

  test("in its own incident, whenever it was", () => {
    expect(placeOpening([alone, other], cargo, START + 9 * HOUR)).toEqual({ host: 3, absorbed: [] });
  });
});

/** Openings, each heard of on its own, perhaps twice: what the incidents are in the end. */
function incidentsAfter(openings: readonly Member[]): readonly (readonly Member[])[] {
  let open: readonly { readonly number: number; readonly members: readonly Member[] }[] = [];
  for (const [index, { ecosystem, openedAt }] of openings.entries()) {
    const { host, absorbed } = placeOpening(open, ecosystem, openedAt);
    const number = host ?? index + 1;
    const known = open.filter((group) => group.number === number || absorbed.includes(group.number));
    const members = withOpening(mergeMembers(...known.map((group) => group.members)), ecosystem, openedAt);
    open = [...open.filter((group) => !known.includes(group)), { number, members }];
  }
  return open
    .map(({ members }) => members)
    .sort(([one], [two]) => ((one?.ecosystem ?? "") < (two?.ecosystem ?? "") ? -1 : 1));
}

const openings = fc
  .array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: NAMES.length })
  .map((minutes) => minutes.map((minute, index) => member(NAMES[index] ?? npm, START + minute * MINUTE)));
const heard = openings.chain((all) =>
  fc.record({
    all: fc.constant(all),
    shuffled: fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
  }),
);

test.prop([heard])("openings in any order, and doubled, make the same incidents", ({ all, shuffled }) => {
  expect(incidentsAfter(shuffled)).toEqual(incidentsAfter(all));
});

test.prop([openings])("no two openings within an hour are in different incidents", (all) => {
  const incidents = incidentsAfter(all);
  for (const one of all)
    for (const two of all) {
      const of = ({ ecosystem }: Member) =>
        incidents.findIndex((members) => members.some((found) => found.ecosystem === ecosystem));
      if (Math.abs((one.openedAt ?? 0) - (two.openedAt ?? 0)) <= HOUR) expect(of(one)).toBe(of(two));
    }
});

describe("a group", () => {
  const members = [member(cargo, START), member(homebrew, null), member(npm, START)];

  test("has recovered when each of them has", () => {
    const some = withRecovery(withRecovery(members, cargo, START + HOUR), npm, START + HOUR);
    expect(ailing(some)).toEqual([homebrew]);
    expect(ailing(withRecovery(some, homebrew, START + HOUR))).toEqual([]);
  });

  test("waits again for one that opens again", () => {
    const again = withOpening(withRecovery(members, npm, START + HOUR), npm, START + 2 * HOUR);
    expect(ailing(again)).toEqual([cargo, homebrew, npm]);
  });

  test("keeps the moment of the first recovery", () => {
    const twice = withRecovery(withRecovery(members, npm, START + HOUR), npm, START + 2 * HOUR);
    expect(twice.at(-1)?.recoveredAt).toBe(START + HOUR);
  });

  test.each([
    [1, "cargo: the circuit breaker is open"],
    [2, "cargo and homebrew: the circuit breakers are open"],
    [4, "cargo, homebrew, npm, and pypi: the circuit breakers are open"],
    [5, "cargo, homebrew, npm, and 2 more: the circuit breakers are open"],
  ])("of %d is named by them", (count, title) => {
    expect(groupTitle(NAMES.slice(0, count).map((name) => member(name, START)))).toBe(title);
  });

  test("is found in a body again, and what people wrote around it stays", () => {
    const section = (all: readonly Member[]) => membersSection(all, "high", CLASSIFICATION["several-ecosystems"]);
    const body = `before\n\n${section([member(cargo, START)])}\n\nafter`;
    const rewritten = replaceMembers(body, section(members));
    expect(membersIn(rewritten)).toEqual(members);
    expect(rewritten).toMatch(/^before\n\n[\s\S]*\n\nafter$/);
    expect(rewritten).toContain("- **cargo**: opened at 2026-01-28T03:15:00Z\n- **homebrew**: opened\n");
    expect(membersIn(replaceMembers("own words", section(members)))).toEqual(members);
  });

  test.each([
    "",
    '<!-- batchkeeper-members [{"ecosystem":1}] -->\n<!-- /batchkeeper-members -->',
    "<!-- batchkeeper-members [ -->",
  ])("that somebody made unreadable is none: %j", (body) => expect(membersIn(body)).toBeNull());
});
