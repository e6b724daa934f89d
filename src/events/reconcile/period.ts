import { DAY, type Duration, MINUTE } from "../../domain/instant.ts";

/** Between two looks at a repository, unless RECONCILE_INTERVAL says otherwise: what never came is found within ten minutes. */
export const INTERVAL: Duration = 5 * MINUTE;

/** How far back is looked, as far as GitHub lets a delivery be sent again (GitHub documentation, "Redelivering webhooks"). */
export const LOOK_BACK: Duration = 3 * DAY;
