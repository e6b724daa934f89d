import { dashboardText } from "../../dashboard/dashboard.ts";
import { printDrawing, readDrawing } from "../../dashboard/drawing.ts";
import { type Instant, wholeSeconds } from "../../domain/instant.ts";
import {
  type DashboardIssue,
  findDashboard,
  openDashboard,
  pinOnce,
  writeDashboard,
} from "../../github/dashboard-issue.ts";
import { statusOf } from "../../github/failure.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { isWhole, type Panorama } from "../../view/board.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { unansweredTicks, watchTicks } from "./lost-tick.ts";
import { requestDrawing } from "./request.ts";
import { turnOff } from "./turn-off.ts";

/**
 * The timer of a dashboard: makes the issue show how the pipeline stands, or closes it where none is wanted any more. It is
 * written when there is something to see that was not, at most once a minute (`DashboardPace`). A tick that nobody has
 * answered stays until somebody has.
 */
export async function onDashboardDue(event: RepositoryEvent, services: Services): Promise<void> {
  const octokit = await services.octokitOf(event.installation.id);
  const repository = repositoryOf(event.repository, octokit, "housekeeping");
  try {
    await look(event, repository, services);
  } catch (error) {
    // Issues are switched off here.
    if (statusOf(error) !== 410) throw error;
    services.log.warn({ repository: repository.fullName }, "no dashboard: the repository has no issues");
  }
}

async function look(event: RepositoryEvent, repository: Repository, services: Services): Promise<void> {
  const issue = await findDashboard(repository, services.botLogin);
  if ((await services.store.settings(repository)).dashboard === "none") {
    // What is known may be old where several processes share the work.
    const { configuration } = await services.store.read(repository);
    if (configuration.settings.dashboard === "none") {
      return turnOff(repository, issue, configuration.problems.length, services);
    }
  }
  if (issue !== null && (await unansweredTicks(repository, issue, services)).length > 0) {
    return watchTicks(event, issue, services);
  }
  const next = writtenAt(repository, issue, services) + services.dashboardPace.between;
  if (next > services.now()) return requestDrawing(event, services, next);
  const view = await services.board.lookAnew(repository);
  if (view.settings.dashboard === "none") return turnOff(repository, issue, view.settingsProblems, services);
  await draw(repository, issue, view, services);
  // What could not be read is unknown, and is looked at again without anything having to happen.
  if (!isWhole(view)) await requestDrawing(event, services, services.now() + services.dashboardPace.between);
}

/** When the issue was written last: it says so itself, unless somebody else has written there. */
function writtenAt(repository: Repository, issue: DashboardIssue | null, { seal, dashboards }: Services): Instant {
  const drawing = issue === null ? null : readDrawing(issue.body, { ...repository, seal });
  const remembered = dashboards.writtenAt.get(repository.fullName) ?? 0;
  return drawing?.isIntact === true ? Math.max(drawing.at, remembered) : remembered;
}

/**
 * Writes what the issue does not show yet, and opens it if somebody has closed it. Time alone changes nothing: what is known
 * now, seen from the moment of the last drawing, is the same text if nothing has happened.
 */
async function draw(
  repository: Repository,
  issue: DashboardIssue | null,
  view: Panorama,
  services: Services,
): Promise<void> {
  const { seal, now, botLogin, dashboards } = services;
  const place = { ...repository, seal };
  const bodyAt = (at: Instant) => printDrawing({ at, text: dashboardText(view, at) }, place);
  const drawn = issue === null ? null : readDrawing(issue.body, place);
  if (issue !== null && drawn !== null && bodyAt(drawn.at) === issue.body) return pin(repository, issue, services);
  const at = wholeSeconds(now());
  const body = bodyAt(at);
  if (issue === null) await pin(repository, await openDashboard(repository, body, botLogin), services);
  else {
    // Whether it looked open or not: somebody may have closed it since.
    await writeDashboard(repository, issue, { body, state: "open", state_reason: "reopened" });
    await pin(repository, issue, services);
  }
  dashboards.writtenAt.set(repository.fullName, at);
  dashboards.none.delete(repository.fullName);
}

/** A pin that GitHub refuses is no failure: whoever wants one makes room for it. */
async function pin(repository: Repository, issue: DashboardIssue, { dashboards, log }: Services): Promise<void> {
  const key = `${repository.fullName}#${issue.number}`;
  if (dashboards.pinned.has(key)) return;
  const refusal = await pinOnce(repository, issue);
  dashboards.pinned.add(key);
  if (refusal !== null) log.info({ repository: repository.fullName, reason: refusal }, "dashboard not pinned");
}
