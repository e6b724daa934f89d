import type { Delivery } from "../../inbox/inbox.ts";

/** What was found in a repository and did not come by webhook, and what to do once it is in the inbox. */
export interface Found {
  readonly deliveries: readonly Delivery[];
  keep(): void;
}

export const NOTHING_FOUND: Found = { deliveries: [], keep: () => {} };
