import type { Control } from "../domain/control/control.ts";
import { type Ecosystem, parseEcosystem, type Scope } from "../domain/ecosystem.ts";

/** A command that a box of the dashboard gives when it is ticked. */
export type Offer =
  | { readonly verb: "stop" | "resume"; readonly scope: Scope }
  | { readonly verb: "reset"; readonly scope: Ecosystem };

/** Names that commands read as something else: everything, or the end of a sentence. They have no boxes. */
function isPlain(name: string): boolean {
  return !/^(?:all|everything)$|[._-]$/.test(name);
}

/**
 * The commands that make sense now: a stop of what runs, a resume of what is held, a reset of breakers that are not closed.
 * Everything comes first, then what needs somebody.
 *
 * @param known ecosystems that are known by name
 */
export function offersOf({ holds, breakers }: Control, known: readonly Ecosystem[]): readonly Offer[] {
  const names = known.filter(isPlain);
  const held = new Set(holds.map(({ scope }) => scope));
  const isAllStopped = held.has("*");
  const isRunning = (name: Ecosystem) => !isAllStopped && !held.has(name);
  return [
    { verb: isAllStopped ? "resume" : "stop", scope: "*" },
    ...names.filter((name) => held.has(name)).map((scope) => ({ verb: "resume", scope }) as const),
    ...names
      .filter((name) => (breakers.get(name)?.state ?? "closed") !== "closed")
      .map((scope) => ({ verb: "reset", scope }) as const),
    ...names.filter(isRunning).map((scope) => ({ verb: "stop", scope }) as const),
  ];
}

/** What an offer asks for, after `/batch`. */
export function wordsOf({ verb, scope }: Offer): readonly string[] {
  if (verb === "reset") return ["breaker", scope, "reset"];
  return scope === "*" ? [verb] : [verb, scope];
}

/** An offer in the words of its box. Names are well-formed and need no quoting. */
export function describeOffer({ verb, scope }: Offer): string {
  if (verb === "reset") return `Reset the breaker of ${scope}`;
  return `${verb === "stop" ? "Stop" : "Resume"} ${scope === "*" ? "everything" : scope}`;
}

/** Names an offer: `stop:homebrew`. */
export function offerKey({ verb, scope }: Offer): string {
  return `${verb}:${scope}`;
}

/** The offer of a key; null of anything else. */
export function readOffer(key: string): Offer | null {
  const [, verb, name] = /^(stop|resume|reset):(.+)$/.exec(key) ?? [];
  if (name === undefined) return null;
  if (name === "*") return verb === "stop" || verb === "resume" ? { verb, scope: name } : null;
  const scope = parseEcosystem(name, new Map());
  if (scope === null || scope !== name || !isPlain(scope)) return null;
  return verb === "stop" || verb === "resume" || verb === "reset" ? { verb, scope } : null;
}
