import { type Duration, MINUTE } from "../../domain/instant.ts";

/** How a dashboard keeps time. */
export interface DashboardPace {
  /** Between two writings of one: everybody who looks at it sees it change, which is to be seldom enough to be read. */
  readonly between: Duration;
  /** How long the event of a tick may be on its way, or be asked for again: then it is taken for lost. */
  readonly onItsWay: Duration;
}

/**
 * What is kept to unless somebody says otherwise: a tick is not taken for lost before GitHub was asked for what it could not
 * deliver, which is done with every look.
 */
export function defaultDashboardPace(reconcileInterval: Duration): DashboardPace {
  return { between: MINUTE, onItsWay: Math.max(5 * MINUTE, reconcileInterval) };
}
