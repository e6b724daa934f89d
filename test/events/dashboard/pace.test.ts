import { expect, test } from "vitest";
import { MINUTE } from "../../../src/domain/instant.ts";
import { defaultDashboardPace } from "../../../src/events/dashboard/pace.ts";

test.for([
  [1, 5],
  [5, 5],
  [30, 30],
] as const)("where failed deliveries are asked for every %i minutes, a tick is waited for for %i", ([every, wait]) => {
  expect(defaultDashboardPace(every * MINUTE).onItsWay).toBe(wait * MINUTE);
});
