import { RE2JS } from "re2js";

/** Where a job name tells its ecosystem. */
interface JobNamePattern {
  /** What the group `ecosystem` matched; null when the name does not match. */
  find(name: string): string | null;
}

// A pattern of 200 characters is longer than this only by counted repetitions of large parts: with those the time for
// one name grows to tens of milliseconds. In RE2's instructions.
const LARGEST_PROGRAM = 250;

/**
 * Reads a pattern from the configuration, which nobody may be able to stop the process with: RE2 takes time in proportion
 * to the length of the name, whatever the pattern. It has no lookaround and no back references for that. `\uXXXX` is read
 * as JavaScript reads it. Total: what cannot be used is refused with the reason.
 */
export function readJobNamePattern(
  text: string,
): { readonly kind: "pattern"; readonly pattern: JobNamePattern } | { readonly kind: "refused"; readonly why: string } {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(RE2JS.translateRegExp(text));
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : String(error);
    return refused(`${why}. Lookaround and back references are not possible`);
  }
  if (!Object.hasOwn(compiled.namedGroups(), "ecosystem")) return refused("it has no group named ecosystem");
  if (compiled.programSize() > LARGEST_PROGRAM) return refused("its counted repetitions make it too large");
  const find = (name: string): string | null => {
    const matcher = compiled.matcher(name);
    return matcher.find() ? matcher.group("ecosystem") : null;
  };
  return { kind: "pattern", pattern: { find } };
}

/**
 * A pattern that was read before.
 * @throws {Error} when it cannot be used, which is a fault of the program and not of the input.
 */
export function soundJobNamePattern(text: string): JobNamePattern {
  const read = readJobNamePattern(text);
  if (read.kind === "refused") throw new Error(`the pattern ${text} should have been refused: ${read.why}`);
  return read.pattern;
}

function refused(why: string) {
  return { kind: "refused", why } as const;
}
