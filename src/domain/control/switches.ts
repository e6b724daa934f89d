import { parseEcosystem } from "../ecosystem.ts";
import type { Hold } from "../holds/hold.ts";
import { gravest } from "../holds/standing.ts";
import { printInstant } from "../instant.ts";
import type { Json } from "./json-edit.ts";
import { printOptionalMoment } from "./moment-text.ts";

/** The fields by which upstream's scripts and people stop batches, as the file says them. */
export interface Switches {
  readonly enabled: boolean;
  readonly disabledEcosystems: readonly string[];
  readonly reason: string;
  readonly incidentUrl: string;
  readonly disabledBy: string;
  readonly disabledAt: string;
  readonly expectedResume: string;
}

/** What the switches say when these holds stand: there is one set of words, so the gravest hold speaks. */
export function switchesOf(holds: readonly Hold[]): Switches {
  const scopes = new Set<string>(holds.map((hold) => hold.scope));
  const spokesman = gravest(holds);
  return {
    enabled: !scopes.delete("*"),
    disabledEcosystems: [...scopes].sort(),
    reason: spokesman?.reason ?? "",
    incidentUrl: spokesman?.incidentUrl ?? "",
    disabledBy: spokesman?.by ?? "",
    disabledAt: spokesman === null ? "" : printInstant(spokesman.at),
    expectedResume: printOptionalMoment(spokesman?.until ?? null),
  };
}

/** The switches as the file spells them, in upstream's order. */
export function printSwitches(switches: Switches): Record<string, Json> {
  return {
    enabled: switches.enabled,
    disabled_ecosystems: switches.disabledEcosystems,
    reason: switches.reason,
    incident_url: switches.incidentUrl,
    disabled_by: switches.disabledBy,
    disabled_at: switches.disabledAt,
    expected_resume: switches.expectedResume,
  };
}

/**
 * Names in `disabled_ecosystems` that no ecosystem can have, `../x` or `__proto__`: no hold can stand for them. They stay
 * in the file for whoever reads them there, and only a person takes them out.
 */
export function illFormedStops(switches: Switches): readonly string[] {
  return switches.disabledEcosystems.filter((name) => name !== "*" && parseEcosystem(name, new Map()) === null);
}
