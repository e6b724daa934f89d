import type { Names } from "./names.ts";

/** A moment, as the control file and the replies print it. */
const MOMENT = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z/g;

/** What answers begin with that say what was done. */
const DONE =
  /^\*\*(?:Stopped|Resumed|The stop of everything is lifted|(?:Not r|R)olled back|The circuit breaker of|Sampling is|The budget week of|Approved and done|Done before)/;

/** How long an incident was answered or open: as long as the play had it so. */
const TIME_TAKEN = /(?<=\*\*Time to (?:acknowledge|resolve):\*\* )[^.]+/g;

/** The control file as data, without what may differ. Every rule says why it may. */
export function normalControl(text: string | null, names: Pick<Names, "in">, ignored: readonly string[]): unknown {
  if (text === null) return null;
  try {
    return normalValue(JSON.parse(names.in(text)), ignored);
  } catch {
    return names.in(text);
  }
}

function normalValue(value: unknown, ignored: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => normalValue(item, ignored));
  if (typeof value !== "object" || value === null) return value;
  const normalMember = (key: string, held: unknown): unknown => {
    // The ids of jobs are given in the order in which things happen in all repositories; how many were counted is told.
    if (key === "jobs" && Array.isArray(held)) return held.flatMap((text) => String(text).split(" ")).length;
    return normalValue(held, ignored);
  };
  const entries = Object.entries(value)
    // Written by the disturbance alone; that none of it was lost is checked where it is done.
    .filter(([key]) => !ignored.includes(key))
    .map(([key, held]) => [key, normalMember(key, held)] as const)
    // Members of a JSON object have no order; ours is the order in which ecosystems were first heard of.
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries);
}

/** A reply without what it says of the moment at which it was written. */
export function normalReply(body: string, names: Pick<Names, "in">): string {
  return names.in(body).split("\n\n---\n\n").map(normalSection).join("\n\n---\n\n");
}

function normalSection(section: string): string {
  const [command = "", ...rest] = section.split(/(?<=^(?:<!--.*-->\n)?`+.*)\n\n/m);
  const answer = rest.join("\n\n");
  // A status tells how things stand, and they stand differently while events are on their way.
  if (/^As of /.test(answer)) return `${command}: a status`;
  // The same command handled again finds its work done, and says so in other words. What it did is compared elsewhere.
  if (DONE.test(answer)) return `${command}: done`;
  // What is said besides is which holds stand: handled again, a comment finds its own, which its next command made.
  const nothing = /^Nothing was changed: there is nothing to lift for .+?\.(?= |\n|$)/.exec(answer)?.[0];
  return `${command}: ${nothing ?? answer.replaceAll(MOMENT, "…").replaceAll(TIME_TAKEN, "…")}`;
}
