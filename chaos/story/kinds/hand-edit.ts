import fc from "fast-check";
import { anEcosystem, anOperator, kind } from "../happening.ts";
import { CONTROL_FILE } from "../place.ts";

const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant("stops" as const), ecosystem: anEcosystem }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("stops everything" as const) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("resumes everything" as const) }) },
  // A program that writes only the keys that it knows.
  { weight: 1, arbitrary: fc.record({ does: fc.constant("drops our key" as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("deletes the file" as const) }) },
);

/** Somebody changes the control file by hand, as the runbook teaches (section 2), or as a program that knows no better does. */
export const handEdit = kind({
  name: "hand edit",
  weight: 4,
  details: fc.record({ by: anOperator, change }),
  async perform({ by, change }, place) {
    // Of a commit and a comment of the same second nobody can tell which came first.
    await place.nextSecond();
    switch (change.does) {
      case "stops":
        place.editControl(by, `chore: stop ${change.ecosystem}\n\nreason: by hand`, (control) => ({
          ...control,
          disabled_ecosystems: [...new Set([...namesIn(control.disabled_ecosystems), change.ecosystem])],
        }));
        break;
      case "stops everything":
        place.editControl(by, "chore: emergency stop", (control) => ({
          ...control,
          enabled: false,
          reason: "by hand",
          disabled_by: by,
        }));
        break;
      case "resumes everything":
        place.editControl(by, "chore: resume", (control) => ({
          ...control,
          enabled: true,
          disabled_ecosystems: [],
          reason: "",
          incident_url: "",
          disabled_by: "",
          disabled_at: "",
          expected_resume: "",
        }));
        break;
      case "drops our key":
        // Whether there is one to drop.
        await place.counted();
        place.editControl(by, "chore(batch): update batch state", ({ batchkeeper: _, ...rest }) => rest);
        break;
      case "deletes the file":
        place.push(by, { [CONTROL_FILE]: null }, "chore: tidy up");
        break;
    }
    await place.settled();
    await place.nextSecond();
  },
});

function namesIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
