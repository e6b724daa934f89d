import { describe, expect } from "vitest";
import type { FaultSpec } from "../github/http/faults.ts";
import type { LoggedCall } from "../github/http/request-log.ts";
import { testIn, World, type WorldOptions } from "./world.ts";

/** Something that happens in a world, and what is left of it: the same, whatever went wrong on the way. */
export interface Story {
  /** How its world begins, where it is not as usual. */
  readonly options?: WorldOptions;
  /** Which of the calls on its way fail; default all. Those of other stories need not fail here again. */
  readonly only?: (call: LoggedCall) => boolean;
  /** What was before. */
  prepare(world: World): Promise<void>;
  /** What happens; resolves when all that follows is done. */
  happen(world: World): Promise<void>;
  /** What is left, without what differs between two worlds. */
  ending(world: World): unknown;
}

/** One call on the way: the `nth`, from 1, with its method and path. */
interface Step {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  /** Of GraphQL; null for all else. */
  readonly operation: string | null;
  readonly nth: number;
  /** Where it stands on the way, from 0. */
  readonly index: number;
}

type Failure = Omit<FaultSpec, "method" | "path" | "operation" | "times">;

const FAILURES: Readonly<Record<string, Failure>> = {
  "is answered 502 before its effect": { status: 502 },
  "is answered 502 after its effect": { status: 502, after: true },
  "loses its connection": { closeSocket: true },
  "is told to slow down": {
    status: 403,
    headers: { "retry-after": "1" },
    body: { message: "You have exceeded a secondary rate limit." },
  },
};

/** GraphQL has one more way: an answer that says 200, and then that it is none. */
const FAILURES_OF_MUTATIONS: typeof FAILURES = {
  ...FAILURES,
  "is answered with trouble of GitHub's own after its effect": {
    status: 200,
    body: { data: null, errors: [{ message: "Something went wrong while executing your query." }] },
    after: true,
  },
};

/** The story as it goes when nothing goes wrong: its ending, and the calls to GitHub on its way. */
export async function undisturbed(
  story: Story,
): Promise<{ readonly ending: unknown; readonly steps: readonly Step[] }> {
  const world = await World.start(story.options);
  await begin(world, story);
  const mark = world.github.log.length;
  await story.happen(world);
  const told = { ending: story.ending(world), steps: stepsOf(world.github.calls(mark), story.only) };
  await world.close();
  return told;
}

/** Tests that the end is the same when any one call fails in any way. */
export async function itEndsTheSameWhenACallFails(story: Story): Promise<void> {
  const { ending, steps } = await undisturbed(story);
  const test = testIn(story.options ?? {});
  describe.for(steps)("when $name", ({ method, path, operation, nth, index }) => {
    const call = { method, path, operation };
    test.for(failuresOf({ method, operation, index }))("%s, the end is the same", async ([, failure], { world }) => {
      await begin(world, story);
      if (nth > 1) world.github.fault({ ...call, latencyMs: 0, times: nth - 1 });
      const fault = world.github.fault({ ...failure, ...call, times: 1 });
      await story.happen(world);
      expect(fault.hits).toBe(1);
      expect(story.ending(world)).toEqual(ending);
    });
  });
}

/** Every call fails in every way: what the gate has no time for. */
const IS_THOROUGH = process.env.BATCHKEEPER_THOROUGH === "1";

/**
 * How a call fails. Whatever the failure, whoever asked knows no more than that there is no answer, so that of the ways that
 * come before an effect each call meets one, in turns. What no call may be spared is the failure after its effect.
 */
function failuresOf({
  method,
  operation,
  index,
}: Pick<Step, "method" | "operation" | "index">): readonly (readonly [string, Failure])[] {
  if (operation?.startsWith("mutation") === true) return Object.entries(FAILURES_OF_MUTATIONS);
  const isRead = method === "GET" || operation !== null;
  const ways = Object.entries(FAILURES);
  const before = ways.filter(([, failure]) => failure.after !== true);
  const after = ways.filter(([, failure]) => failure.after === true);
  const turn = index % before.length;
  return [...(IS_THOROUGH ? before : before.slice(turn, turn + 1)), ...(isRead ? [] : after)];
}

/** What is left of the incidents: how each stands, and how much was said in it. */
export function incidentsLeft(world: World): unknown {
  return world.incidents().map(({ number, title, state, labels }) => ({
    title,
    state,
    labels,
    words: world.replies(number).length,
  }));
}

/** Whatever was asked of GitHub until now is asked for again: a token, the settings, the app's own name. */
async function begin(world: World, story: Story): Promise<void> {
  await story.prepare(world);
  await world.startApp();
}

function stepsOf(calls: readonly LoggedCall[], only: Story["only"]): readonly Step[] {
  const seen = new Map<string, number>();
  return calls.flatMap((call, index) => {
    const { method, path, operation } = call;
    const bare = path.split("?", 1)[0] ?? path;
    const called = operation === null ? `${method} ${bare}` : `${method} ${bare} ${operation}`;
    const nth = (seen.get(called) ?? 0) + 1;
    seen.set(called, nth);
    // Ids with two digits and more, and revisions, differ between worlds.
    const parts = bare.split(/[0-9a-f]{12,}|\d{2,}/).map(RegExp.escape);
    const pattern = new RegExp(`^${parts.join("[0-9a-f]+")}(?:\\?|$)`);
    const name = nth === 1 ? called : `${called} (${nth})`;
    return only?.(call) === false ? [] : [{ name, method, path: pattern, operation, nth, index }];
  });
}
