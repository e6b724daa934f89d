import { CONTROL_FILE, type Place } from "../story/place.ts";

/** The key of another program in the control file. */
export const OTHER_KEY = "counted_by_another_writer";

/** Another program counts in a key of its own: none of its changes may be lost, and none of ours because of it. */
export function anotherWriter(place: Place): void {
  const file = place.control();
  if (file === null) return;
  const control: Record<string, unknown> = JSON.parse(file.text);
  const text = `${JSON.stringify({ ...control, [OTHER_KEY]: othersCount(control) + 1 }, null, 2)}\n`;
  place.github.pushAs("otto", place.repository, "main", { [CONTROL_FILE]: text }, "chore: count");
  place.otherWrites += 1;
}

/** How often the other program has counted, as the file has it. */
export function othersCount(control: Readonly<Record<string, unknown>>): number {
  return Number(control[OTHER_KEY] ?? 0);
}
