import { fc, test as propertyTest } from "@fast-check/vitest";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, test } from "vitest";
import { knownEcosystems } from "../../src/config/known-ecosystems.ts";
import { DEFAULT_CONFIGURATION } from "../../src/config/schema.ts";
import { printBox, tickedIn } from "../../src/dashboard/box.ts";
import { dashboardText } from "../../src/dashboard/dashboard.ts";
import { offersOf } from "../../src/dashboard/offer.ts";
import { CLOSED } from "../../src/domain/breaker/breaker.ts";
import type { Control } from "../../src/domain/control/control.ts";
import type { PastVersion } from "../../src/domain/control/past-version.ts";
import { SEVERITIES } from "../../src/domain/incidents/incident.ts";
import { EMPTY_LOG } from "../../src/domain/incidents/incident-log.ts";
import { HOUR } from "../../src/domain/instant.ts";
import type { BatchPull } from "../../src/github/batch-pull.ts";
import type { IncidentIssue } from "../../src/github/incident-issue.ts";
import type { Panorama } from "../../src/view/board.ts";
import { at, countEach, EMPTY, job, MONDAY } from "../domain/budget/example.ts";
import { arbitraryControl, arbitraryInstant, ODD_NAMES } from "../domain/control/arbitrary-control.ts";

const URL = "https://github.com/acme/recipes";
const HOSTILE = [
  "@everyone",
  "--> <!-- batchkeeper:offer stop:* -->",
  "- [x] <!-- batchkeeper:offer stop:* --> **Stop everything** `/batch stop`",
  "\n- [x] <!-- batchkeeper:offer stop:* --> **Stop everything** `/batch stop`",
  "```\n\n### Commands\n\n```mermaid",
  '"] : crit, end\nsection x',
  "](https://evil.test) ![x](https://evil.test)",
  "<img src=x onerror=alert(1)>",
  "a|b|c",
  "\u202E\u0000\ud800",
  "#1 fixes #2",
];
const words = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" }), fc.string());
const names = fc.oneof(fc.constantFrom("homebrew", "npm", ...ODD_NAMES, ...HOSTILE), fc.string());

const incidents: fc.Arbitrary<IncidentIssue> = fc.record({
  number: fc.nat(),
  url: fc.constant(`${URL}/issues/7`),
  title: words,
  severity: fc.option(fc.constantFrom(...SEVERITIES)),
  openedAt: fc.option(arbitraryInstant),
  causeKey: words,
  isOpen: fc.constant(true),
  members: fc.constant([]),
  labels: fc.constant([]),
  closedAt: fc.constant(null),
  body: words,
  log: fc.constant(EMPTY_LOG),
  assignees: fc.array(words),
});
const batches: fc.Arbitrary<BatchPull> = fc.record({
  number: fc.nat(),
  url: fc.constant(`${URL}/pull/8`),
  title: words,
  branch: words,
  state: fc.constantFrom("open", "merged", "closed"),
  createdAt: fc.constant("2026-01-28T03:15:00Z"),
  mergedAt: fc.option(fc.constant("2026-01-28T03:15:00Z")),
  claim: fc.constant({ kind: "none" } as const),
  ecosystems: fc.constant([]),
  headlines: fc.constant([]),
  commits: fc.nat(),
  landing: fc.constant(null),
});
const versions: fc.Arbitrary<PastVersion> = fc.record({
  sha: fc.string(),
  at: fc.integer({ min: MONDAY - 9 * 24 * HOUR, max: MONDAY + 5 * 24 * HOUR }),
  breakers: fc
    .array(fc.tuple(names, fc.constantFrom("open" as const, "closed" as const, "half-open" as const)))
    .map((entries) => new Map(entries)),
  week: fc.constant(null),
});
function part<T>(of: fc.Arbitrary<T>) {
  const known = fc.array(of, { maxLength: 60 }).map((value) => ({ kind: "known", value }) as const);
  return fc.oneof(
    known,
    words.map((why) => ({ kind: "unknown", why }) as const),
  );
}

/** Nothing has happened here. */
const VIEW: Panorama = {
  fullName: "acme/recipes",
  url: URL,
  settings: DEFAULT_CONFIGURATION,
  settingsProblems: 0,
  control: { kind: "ready", control: EMPTY },
  readAt: 0,
  incidents: { kind: "known", value: [] },
  runs: { kind: "known", value: [] },
  batches: { kind: "known", value: { batches: [], rollbacks: [], undos: [] } },
  deadLetters: [],
  versions: [],
  isPastComplete: true,
};

const views: fc.Arbitrary<Panorama> = fc
  .record({
    control: arbitraryControl(names),
    incidents: part(incidents),
    pulls: part(batches),
    versions: fc.array(versions, { maxLength: 40 }),
  })
  .map(({ control, pulls, versions: past, ...rest }) => ({
    ...VIEW,
    control: { kind: "ready", control },
    runs: { kind: "known", value: [{ id: 1, url: `${URL}/actions/runs/1`, status: "in_progress" }] },
    batches:
      pulls.kind === "unknown" ? pulls : { kind: "known", value: { batches: pulls.value, rollbacks: [], undos: [] } },
    versions: past.toSorted((a, b) => b.at - a.at),
    ...rest,
  }));

function viewOf(control: Control): Panorama {
  return { ...VIEW, control: { kind: "ready", control } };
}

describe("the text of the dashboard, whatever people have written", () => {
  propertyTest.prop([views, fc.nat({ max: 120 })])(
    "has no box, link, picture, markup or mention but ours",
    (view, hours) => {
      const text = dashboardText(view, MONDAY + hours * HOUR);
      expect(text.length).toBeLessThanOrEqual(60_000);
      expect(tickedIn(text)).toEqual([]);
      const control = view.control.kind === "ready" ? view.control.control : null;
      const offers = control === null ? [] : offersOf(control, knownEcosystems(view.settings, control));
      expect(text.split("\n").filter((line) => /^\s*[-*+] \[.\] /.test(line))).toEqual(offers.map(printBox));
      for (const { type, value } of shown(text)) {
        if (type === "text") expect(value).not.toContain("@");
        else if (type === "html") expect(value).toMatch(/^<!-- batchkeeper:offer [a-z:*.0-9_%D-]+ -->$/i);
        else expect(value).not.toContain("evil.test");
      }
    },
  );

  propertyTest.prop([views, fc.nat({ max: 120 })])(
    "has diagrams of the few forms that Mermaid takes",
    (view, hours) => {
      for (const diagram of diagramsIn(dashboardText(view, MONDAY + hours * HOUR))) {
        const [kind = ""] = diagram.filter((line) => /^[a-z]/.test(line) && line !== "config:");
        const form = FORMS[kind];
        if (form === undefined) throw new Error(`${kind} is no diagram of ours`);
        for (const line of diagram) expect(line).toMatch(form);
      }
    },
  );
});

const NUMBERS = String.raw`-?\d+(?:, -?\d+)*`;
const FORMS: Readonly<Record<string, RegExp>> = {
  "xychart-beta": new RegExp(
    String.raw`^(?:---|config:|    themeVariables:|        xyChart:|            plotColorPalette: "[#0-9a-f, ]+"|xychart-beta|    title "(?:macOS|Linux) minutes left"|    x-axis \["\w{3} \d+"(?:, "\w{3} \d+")*\]|    y-axis "minutes" -?\d+ --> \d+|    line \[${NUMBERS}\])$`,
  ),
  "pie showData":
    /^(?:pie showData| {4}title Who uses (?:macOS|Linux) minutes| {4}"[\p{L}\p{N}., /…-]*" : \d+\.\d\d)$/u,
  gantt:
    /^(?:gantt| {4}title [\w ]+| {4}dateFormat [A-Za-z:-]+| {4}axisFormat [%\w ]+| {4}todayMarker off| {4}section [\p{L}\p{N}., /…-]+| {8}(?:open :crit|half-open :active), [-\dT:]{19}, [-\dT:]{19})$/u,
};

describe("the charts of a budget", () => {
  test("go down to the present, and on at the rate of the last day", () => {
    const control = countEach([
      job(1, { endedAt: at(0, 12), minutes: 200 }),
      job(2, { endedAt: at(2, 20), minutes: 200, ecosystem: "cask" }),
    ]);
    const [macos = []] = diagramsIn(dashboardText(viewOf(control), at(3, 2)));
    expect(macos.slice(-5)).toEqual([
      '    x-axis ["Mon 26", "Tue 27", "Wed 28", "Thu 29", "Fri 30", "Sat 31", "Sun 1", "Mon 2"]',
      '    y-axis "minutes" 0 --> 1000',
      "    line [1000, 857, 714, 571, 429, 286, 143, 0]",
      "    line [1000, 870, 741, 611, 409, 200, 0, 0]",
      "    line [1000, 870, 741, 611]",
    ]);
    const pies = diagramsIn(dashboardText(viewOf(control), at(3, 2))).filter(([kind]) => kind === "pie showData");
    expect(pies).toEqual([
      ["pie showData", "    title Who uses macOS minutes", '    "cask" : 200.00', '    "homebrew" : 200.00'],
    ]);
  });

  test("name each day once in the weeks in which the clocks are changed", () => {
    const settings = {
      ...DEFAULT_CONFIGURATION,
      budget: { ...DEFAULT_CONFIGURATION.budget, timezone: "Europe/Paris" },
    };
    for (const sunday of ["2026-03-29", "2026-10-25"]) {
      const noon = Date.parse(`${sunday}T12:00:00Z`);
      const control = countEach([job(1, { endedAt: noon - HOUR })]);
      const view = { ...viewOf(control), settings };
      const axis = diagramsIn(dashboardText(view, noon))
        .flat()
        .find((line) => line.includes("x-axis"));
      expect(new Set(axis?.match(/\w{3} \d+/g)).size).toBe(8);
    }
  });
});

test("a view at one moment is one text, so that time alone changes nothing", () => {
  const view = viewOf(countEach([job(1)]));
  expect(dashboardText(view, at(1, 0))).toBe(dashboardText({ ...view, readAt: 7 }, at(1, 0)));
});

test("what is too much for one issue is left out, what stops the pipeline is not", () => {
  const long = "x".repeat(64);
  const holds = Array.from({ length: 200 }, (_, index) => ({
    id: `h-${String(index).padStart(6, "0")}`,
    scope: `${index}${long}`.slice(0, 64) as never,
    kind: "operator" as const,
    reason: "`".repeat(400),
    by: "olga",
    at: MONDAY,
    until: null,
    incidentUrl: `${URL}/${"i".repeat(250)}`,
    source: `${URL}/${"s".repeat(250)}`,
  }));
  const breakers = new Map(Array.from({ length: 200 }, (_, index) => [`${"|".repeat(60)}${index}`, CLOSED]));
  const text = dashboardText(viewOf({ ...EMPTY, holds, breakers }), at(1, 0));
  expect(text.length).toBeLessThanOrEqual(60_000);
  expect(text).toContain("… and 185 more.");
  expect(text).toContain("**Stop everything**");
  expect(text).toContain("more: comment the command");
});

/** Nodes of text, markup and addresses that GitHub shows. */
function shown(markdown: string): readonly { readonly type: string; readonly value: string }[] {
  const found: { type: string; value: string }[] = [];
  const visit = (node: { type: string; value?: string; url?: string; children?: unknown[] }) => {
    if (node.type === "text" || node.type === "html") found.push({ type: node.type, value: node.value ?? "" });
    if (node.url !== undefined) found.push({ type: "url", value: node.url });
    for (const child of node.children ?? []) visit(child as typeof node);
  };
  visit(fromMarkdown(markdown));
  return found;
}

/** The lines of the diagrams in a text. */
function diagramsIn(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm)].map(([, lines = ""]) => lines.split("\n"));
}
