import type { Instant } from "../domain/instant.ts";
import type { ControlStore } from "../github/control-store.ts";
import type { IncidentBook } from "../github/incident-issue.ts";

/** A structured log: details first, then a constant message. */
interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What every handler works with. */
export interface Services {
  readonly store: ControlStore;
  readonly incidents: IncidentBook;
  readonly botLogin: () => Promise<string>;
  readonly now: () => Instant;
  readonly log: Log;
}
