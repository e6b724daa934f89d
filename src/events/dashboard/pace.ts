import { type Duration, MINUTE } from "../../domain/instant.ts";

/** How a dashboard keeps time. */
export interface DashboardPace {
  /** Between two writings of one: everybody who looks at it sees it change, which is to be seldom enough to be read. */
  readonly between: Duration;
  /** How long the event of a tick may be on its way, or be asked for again: then it is taken for lost. */
  readonly onItsWay: Duration;
}

export const DASHBOARD_PACE: DashboardPace = { between: MINUTE, onItsWay: 5 * MINUTE };
