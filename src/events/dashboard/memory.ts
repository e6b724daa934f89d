import type { Instant } from "../../domain/instant.ts";
import { RecentKeys } from "../recent-keys.ts";

/** What a process knows of the dashboards that it keeps; the next one finds it out again. By full name. */
export class DashboardMemory {
  /** When each was written last. */
  readonly writtenAt = new Map<string, Instant>();
  /** Those of which pinning is settled. */
  readonly pinned = new RecentKeys();
  /** Repositories that want none, and have none open. */
  readonly none = new Set<string>();
}
