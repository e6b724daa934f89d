import fc from "fast-check";
import { anOperator, kind } from "../happening.ts";
import { CONTROL_FILE } from "../place.ts";

/** Somebody breaks the control file, the incident says so, and somebody mends it: nothing is lost meanwhile. */
export const brokenFile = kind({
  name: "broken file",
  weight: 1,
  details: fc.record({ by: anOperator, text: fc.constantFrom("{ oops\n", '{ "enabled": "yes" }\n', "") }),
  async perform({ by, text }, place) {
    const sound = place.controlText();
    place.push(by, { [CONTROL_FILE]: text }, "chore: a typo");
    await place.incidentOpen("The control file cannot be read");
    place.push(by, { [CONTROL_FILE]: sound }, "chore: mend it");
    await place.settled();
  },
});
