import assert from "node:assert/strict";
import type { Evidence, Step } from "./step.ts";
import type { World } from "./world.ts";

/** The minutes of a week run out, the budget holds what is not critical, and an operator lets it go on. */
export const BUDGET_STORY: readonly Step<World>[] = [
  { name: "macOS jobs use 92 % of the week's minutes: the budget holds what is not critical", run: budgetRunsOut },
  { name: "olga sees where they went, and lifts the holds until the next threshold", run: olgaLiftsHolds },
];

async function budgetRunsOut(world: World): Promise<Evidence> {
  await world.batchRun({ homebrew: "success", npm: "success" }, { npm: [230, 230, 230, 230] });
  const { budget, disabled_ecosystems, batchkeeper } = world.control();
  assert.equal(budget.macos_minutes_used, 920);
  assert.equal(budget.sampling_active, true);
  assert.deepEqual(disabled_ecosystems, ["homebrew", "npm"]);
  assert.deepEqual(new Set(batchkeeper?.holds.map(({ kind }) => kind)), new Set(["budget"]));
  const { number, title, labels } = budgetIncident(world);
  assert.ok(labels.includes("severity:medium"));
  return { saw: `920 of 1000 used, sampling is on, #${number} "${title}"`, where: world.urlOf(`issues/${number}`) };
}

async function olgaLiftsHolds(world: World): Promise<Evidence> {
  const { number } = budgetIncident(world);
  await world.comment("olga", number, "/batch budget\n/batch resume npm homebrew — a release is waiting");
  const reply = world.replies(number).at(-1) ?? "";
  assert.match(reply, /`npm` \| 920 \(100 %\)/);
  assert.match(reply, /Resumed: homebrew and npm\./);
  const { budget, disabled_ecosystems } = world.control();
  assert.deepEqual(disabled_ecosystems, []);
  assert.equal(budget.macos_minutes_used, 920);
  return { saw: "npm used 100 % of it; nothing is held, and every minute still counts", where: world.controlUrl };
}

function budgetIncident(world: World) {
  const found = world.incidents().find(({ title }) => title === "The CI budget of the week is running out");
  assert.ok(found, "an incident of the budget");
  return found;
}
