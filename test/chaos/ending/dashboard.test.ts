import { expect, test } from "vitest";
import { incidentsShown, normalDashboard } from "../../../chaos/ending/dashboard.ts";

const asIs = { in: (text: string) => text };

interface Shown {
  readonly marker?: string;
  readonly held?: string;
  readonly incidents?: readonly number[];
  readonly spent?: string;
  readonly left?: string;
}

function body({
  marker = "a",
  held = "Nothing is held.",
  incidents = [],
  spent = "2026-12-02 05:12Z",
  left = "9",
}: Shown) {
  return [
    `<!-- batchkeeper:dashboard ${marker} -->`,
    `## 🟢 Running\n\n0 holds · no breaker open · ${incidents.length} open incidents · 0 runs in flight`,
    `### Holds\n\n${held}`,
    `### Open incidents\n\n${incidents.map((number) => `- 🔴 high [#${number}](https://h/o/r/issues/${number}) \`[#9] is odd\``).join("\n")}`,
    `### Budget\n\n0 of 1000 macOS minutes; all of it at ${spent}`,
    `\`\`\`mermaid\n---\nconfig:\n    themeVariables:\n---\nxychart-beta\n    line [${left}]\n\`\`\``,
    `\`\`\`mermaid\npie showData\n    "npm" : ${left}\n\`\`\``,
  ].join("\n\n");
}

test("two drawings of the same facts are the same, whenever they were made", () => {
  expect(normalDashboard(body({ marker: "b", spent: "2026-12-02 06:01Z" }), asIs)).toEqual(
    normalDashboard(body({}), asIs),
  );
});

test("what is held is compared, and who uses the budget", () => {
  const { Holds, Budget } = normalDashboard(body({ held: "**npm**, by `olga`", left: "7" }), asIs);
  expect(Holds).toBe("**npm**, by `olga`");
  expect(Budget).toContain('"npm" : 7');
  expect(Budget).not.toContain("line [7]");
});

test("which incidents are open is not compared, but told", () => {
  const shown = body({ incidents: [12, 7] });
  expect(normalDashboard(shown, asIs)).toEqual(normalDashboard(body({}), asIs));
  expect(incidentsShown(shown)).toEqual([7, 12]);
});
