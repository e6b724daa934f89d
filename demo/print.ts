import { styleText } from "node:util";
import type { Played } from "./step.ts";

/** A played step on one line: what happened, how long it took, where to look; for a failure, what was expected and seen. */
export function printPlayed(played: Played): string {
  const ms = styleText("dim", `${played.ms} ms`.padStart(7));
  if (!played.ok) {
    const { expected, saw } = played.evidence;
    const lines = [
      `${ms} ${styleText("red", "✗")} ${played.step}`,
      `expected: ${text(expected)}`,
      `saw:      ${text(saw)}`,
    ];
    return lines.join("\n          ");
  }
  const { saw, where } = played.evidence;
  return `${ms} ${styleText("green", "✓")} ${played.step}: ${saw}  ${styleText("dim", where)}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
