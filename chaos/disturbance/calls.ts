import type { CallPolicy, IncomingCall, Trouble } from "../../test/github/http/faults.ts";
import { chance, choose } from "../chance.ts";
import { type Route, routeOf } from "./route.ts";

/** What happens to a call. */
type Fate =
  | "fails before its effect"
  | "fails after its effect"
  | "is cut off before its effect"
  | "is cut off after its effect"
  | "is slow"
  | "is told to rest (403)"
  | "is told to rest (429)"
  | "is overtaken by another writer"
  | "meets a branch that moved"
  | "meets a base that was modified"
  | "kills the process before its effect"
  | "kills the process after its effect";

/** What calls do to the world beside their answers. */
export interface CallHooks {
  /** Another program changes the control file of a repository. */
  anotherWriter(repository: string): void;
  /** The process that made the call is killed, at this moment. */
  crash(call: IncomingCall): void;
  note(what: string): void;
}

/** Share of the calls that something happens to. */
const TROUBLED_READS = 0.06;
const TROUBLED_WRITES = 0.18;

/**
 * What becomes of each call, by its name: the nth of its kind in its repository meets the same fate in every run. After a
 * trouble the next two of the kind are spared, because nobody promises to get through to a GitHub that is down: what is
 * promised is that nothing is lost then, and the deliveries that are tried again much later are the inbox's tests.
 */
export function callPolicy(seed: number, hooks: CallHooks): CallPolicy {
  const counts = new Map<string, number>();
  const sparedUntil = new Map<string, number>();
  return async (call) => {
    const route = await routeOf(call);
    const key = `${route.repository} ${route.name}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    if (nth <= (sparedUntil.get(key) ?? 0)) return null;
    if (chance(seed, "call", key, nth) >= (route.isRead ? TROUBLED_READS : TROUBLED_WRITES)) return null;
    sparedUntil.set(key, nth + 2);
    const fate = choose(fatesOf(route), chance(seed, "fate", key, nth));
    hooks.note(`${key} (${nth}) ${fate}`);
    return troubleOf(fate, call, route, hooks);
  };
}

function fatesOf({ isRead, writesControlFile, merges }: Route): readonly { weight: number; value: Fate }[] {
  const always: { weight: number; value: Fate }[] = [
    { weight: 4, value: "fails before its effect" },
    { weight: 2, value: "is cut off before its effect" },
    { weight: 2, value: "is slow" },
    { weight: 1, value: "is told to rest (403)" },
    { weight: 1, value: "is told to rest (429)" },
  ];
  if (isRead) return always;
  const writes: { weight: number; value: Fate }[] = [
    { weight: 4, value: "fails after its effect" },
    { weight: 2, value: "is cut off after its effect" },
    { weight: 2, value: "kills the process before its effect" },
    { weight: 3, value: "kills the process after its effect" },
  ];
  return [
    ...always,
    ...writes,
    ...(writesControlFile
      ? ([
          { weight: 6, value: "is overtaken by another writer" },
          { weight: 4, value: "meets a branch that moved" },
        ] as const)
      : []),
    ...(merges
      ? ([
          { weight: 4, value: "meets a base that was modified" },
          { weight: 4, value: "is overtaken by another writer" },
        ] as const)
      : []),
  ];
}

const REST_HEADERS = { "retry-after": "1" };
const REST = { message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again." };

function troubleOf(fate: Fate, call: IncomingCall, { repository }: Route, hooks: CallHooks): Trouble | null {
  switch (fate) {
    case "fails before its effect":
      return { status: 500 };
    case "fails after its effect":
      return { status: 502, after: true };
    case "is cut off before its effect":
      return { closeSocket: true };
    case "is cut off after its effect":
      return { closeSocket: true, after: true };
    case "is slow":
      return { latencyMs: 300 };
    case "is told to rest (403)":
      return { status: 403, headers: REST_HEADERS, body: REST };
    case "is told to rest (429)":
      return { status: 429, headers: REST_HEADERS, body: REST };
    case "is overtaken by another writer":
      hooks.anotherWriter(repository);
      return null;
    case "meets a branch that moved":
      return { status: 409, body: { message: "is at 6dcb09b5b57875f334f61aebed695e2e4193db5e but expected 0c5b1b1" } };
    case "meets a base that was modified":
      return { status: 405, body: { message: "Base branch was modified. Review and try the merge again." } };
    case "kills the process before its effect":
      hooks.crash(call);
      return { closeSocket: true };
    case "kills the process after its effect":
      hooks.crash(call);
      return { closeSocket: true, after: true };
  }
}
