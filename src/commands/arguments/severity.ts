import { SEVERITIES, type Severity } from "../../domain/incidents/incident.ts";
import type { Positional } from "../argument.ts";
import { bareWord } from "../character.ts";

/** A severity in any case; null when the next word is none. */
export function severity(): Positional<Severity | null> {
  return {
    kind: "positional",
    usage: `[${SEVERITIES.join(" | ")}]`,
    read([typed]) {
      const word = bareWord(typed ?? "").toLowerCase();
      const value = SEVERITIES.find((known) => known === word) ?? null;
      return { kind: "value", value, used: value === null ? 0 : 1 };
    },
  };
}
