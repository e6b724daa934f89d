import assert from "node:assert/strict";
import type { ObservedIssue } from "../test/github/observation.ts";
import type { Evidence, Step } from "./step.ts";
import type { World } from "./world.ts";

/** The settings ask for an issue that shows how the pipeline stands, and an operator commands by its boxes. */
export const DASHBOARD_STORY: readonly Step<World>[] = [
  { name: "the settings ask for a dashboard issue: it is there, and pinned", run: dashboardIsThere },
  { name: "olga ticks its box: npm is stopped, and the box offers the way back", run: olgaTicks },
];

async function dashboardIsThere(world: World): Promise<Evidence> {
  // What an app may write in a minute, which days of this story in a few seconds have used up, is counted anew.
  await world.restartBatchkeeper();
  await world.change("olga", { ".github/batchkeeper.yml": "dashboard: issue\n" }, "show how the pipeline stands");
  const { number, title, isPinned, body } = dashboard(world);
  assert.ok(isPinned);
  assert.match(body, /^## 🟢 Running$/m);
  assert.match(body, /^```mermaid$/m);
  return { saw: `#${number} "${title}": running`, where: world.urlOf(`issues/${number}`) };
}

async function olgaTicks(world: World): Promise<Evidence> {
  const { number } = dashboard(world);
  await world.tick("olga", number, "**Stop npm**");
  assert.deepEqual(world.control().disabled_ecosystems, ["npm"]);
  assert.match(world.replies(number).at(-1) ?? "", /^`olga` ticked \*\*Stop npm\*\*.*[\s\S]*Stopped: npm\./m);
  await world.passMinute();
  assert.match(dashboard(world).body, /Running, without npm/);
  assert.match(dashboard(world).body, /^- \[ \] .*\*\*Resume npm\*\*/m);
  const saw = 'answered "Stopped: npm." with her name; an empty box "Resume npm"';
  return { saw, where: world.urlOf(`issues/${number}/comments`) };
}

function dashboard(world: World): ObservedIssue {
  const found = world.issues().find(({ labels }) => labels.includes("dashboard"));
  assert.ok(found, "a dashboard that Batchkeeper opened");
  return found;
}
