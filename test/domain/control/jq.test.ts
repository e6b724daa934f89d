import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { CLOSED } from "../../../src/domain/breaker/breaker.ts";
import { newControlFile, readSoundFile } from "../../../src/domain/control/control-file.ts";
import { handEdits } from "../../../src/domain/control/hand-edit.ts";
import { writeControlFile } from "../../../src/domain/control/write-control-file.ts";
import { holdId } from "../../../src/domain/holds/hold-id.ts";
import { addHold } from "../../../src/domain/holds/standing.ts";

function jq(filter: string, text: string): string {
  return spawnSync("jq", [filter], { input: text, encoding: "utf8" }).stdout;
}

const hasJq = spawnSync("jq", ["--version"]).status === 0;

describe.skipIf(!hasJq)("the program by which people and scripts edit the file", () => {
  const file = newControlFile();
  const control = addHold(
    {
      ...file.control,
      breakers: new Map([
        ["__proto__", CLOSED],
        ["7", CLOSED],
        ["npm", { ...CLOSED, state: "open" as const }],
      ]),
    },
    {
      id: holdId("test", "*"),
      scope: "*",
      kind: "security",
      reason: 'é "\\" \u2028',
      by: "olga",
      at: 0,
      until: null,
      incidentUrl: "",
      source: "",
    },
  );
  const text = writeControlFile(file, control);

  test("prints what we write as we write it", () => expect(jq(".", text)).toBe(text));

  test("says nothing by hand when it changes nothing of ours", () => {
    expect(handEdits(readSoundFile(jq(".budget.sampling_active = true", text)), new Map())).toEqual([]);
  });

  test.each([
    ['.disabled_ecosystems += ["homebrew"]', [{ kind: "stopped", scope: "homebrew" }]],
    [
      '.enabled = true | .reason = "" | .disabled_ecosystems = [] | .disabled_by = ""',
      [{ kind: "released", hold: { scope: "*" } }],
    ],
  ])("stops and resumes: %s", (filter, edits) => {
    expect(handEdits(readSoundFile(jq(filter, text)), new Map())).toMatchObject(edits);
  });
});
