import { AssertionError } from "node:assert";

/** What a step found on GitHub, and where anybody can look at it. */
export interface Evidence {
  readonly saw: string;
  /** A URL. */
  readonly where: string;
}

/** What a step that failed claimed, and what was there instead. */
interface Failure {
  readonly expected: unknown;
  readonly saw: unknown;
}

/** One step of a story: it makes something happen and throws unless GitHub then shows what its name claims. */
export interface Step<World> {
  readonly name: string;
  run(world: World): Promise<Evidence>;
}

/** A step that was played; `ms` is how long it took, with everything that followed from it. */
export type Played =
  | { readonly step: string; readonly ok: true; readonly ms: number; readonly evidence: Evidence }
  | { readonly step: string; readonly ok: false; readonly ms: number; readonly evidence: Failure };

/** Plays a story step by step; ends with the first step that fails. */
export async function* play<World>(story: readonly Step<World>[], world: World): AsyncGenerator<Played> {
  for (const step of story) {
    const played = await playStep(step, world);
    yield played;
    if (!played.ok) return;
  }
}

async function playStep<World>({ name, run }: Step<World>, world: World): Promise<Played> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  try {
    const evidence = await run(world);
    return { step: name, ok: true, ms: elapsed(), evidence };
  } catch (error) {
    return { step: name, ok: false, ms: elapsed(), evidence: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof AssertionError)) return { expected: "no error", saw: String(error) };
  const { generatedMessage, message, expected, actual } = error;
  return { expected: generatedMessage ? describe(expected) : message, saw: describe(actual) };
}

// A pattern would be `{}` in JSON, and nothing at all would leave the key out.
function describe(value: unknown): unknown {
  return value instanceof RegExp || value === undefined ? String(value) : value;
}
