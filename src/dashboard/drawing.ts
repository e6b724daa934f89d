import { type Instant, parseInstant, printInstant } from "../domain/instant.ts";
import { printMarker, readMarker } from "../github/marker.ts";
import type { Seal } from "../github/seal.ts";
import { withEmptyBoxes } from "./box.ts";

/** What the body of the dashboard issue shows, and what it says of itself. */
export interface Drawing {
  /** The moment whose facts it shows, in whole seconds. */
  readonly at: Instant;
  /** Without its marker, and with all boxes empty. */
  readonly text: string;
  /** Names this drawing and no other. */
  readonly id: string;
  /** Whether it is as this app drew it, but for ticks. */
  readonly isIntact: boolean;
}

/** Where a drawing stands, and what it is sealed with. */
interface Place {
  readonly fullName: string;
  readonly seal: Seal;
}

/** A drawing as the body of the issue: its first line is a marker with its moment and a seal. */
export function printDrawing({ at, text }: Pick<Drawing, "at" | "text">, place: Place): string {
  return `${printMarker({ kind: "dashboard", key: `${printInstant(at)}.${sealOf({ at, text }, place)}` })}\n${text}`;
}

/** The drawing in a body; null when it does not begin with its marker. */
export function readDrawing(body: string | null, place: Place): Drawing | null {
  const plain = withEmptyBoxes(body ?? "").trimEnd();
  const [, moment, seal = ""] = /^(.{20})\.([0-9a-f]{64})$/.exec(readMarker(plain, "dashboard") ?? "") ?? [];
  const at = parseInstant(moment);
  if (at === null) return null;
  const text = plain.slice(plain.indexOf("\n") + 1);
  return { at, text, id: seal.slice(0, 16), isIntact: seal === sealOf({ at, text }, place) };
}

function sealOf({ at, text }: Pick<Drawing, "at" | "text">, { fullName, seal }: Place): string {
  // No branch has a blank in its name, so that no other seal of this app's is one of these.
  return seal.digest(`${at} ${text}`, { fullName, branch: "the dashboard" });
}
