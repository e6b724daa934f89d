import { parseInstant, printInstant } from "../../domain/instant.ts";
import type { Timer } from "../../inbox/inbox.ts";
import { SWEEP } from "../occurrence.ts";
import type { Services } from "../services.ts";
import { redeliverFailed } from "./failed-deliveries.ts";
import type { SweepPayload } from "./payload.ts";
import { LOOK_BACK } from "./period.ts";
import { reconcileTimer } from "./reconcile.ts";

/**
 * Looks through the installations of the app, so that each of their repositories is looked at from time to time, and
 * through GitHub's log of deliveries. An installation that is new, or was suspended, is looked at on its own and at once.
 */
export async function sweep(
  { installation, deliveries_since: since }: SweepPayload,
  services: Services,
): Promise<void> {
  const app = await services.octokitOfApp();
  if (installation !== null) {
    const { data } = await app.rest.apps.getInstallation({ installation_id: installation });
    return watchRepositories(data, "at once", services);
  }
  const now = services.now();
  // The next look is set before this one can fail, and looks at what this one should have.
  await services.inbox.schedule([sweepTimer(since, now + services.reconcileInterval)]);
  const installations = await app.paginate(app.rest.apps.listInstallations, { per_page: 100 });
  for (const known of installations) {
    if (known.suspended_at === null) await watchRepositories(known, "in time", services);
  }
  await redeliverFailed(app, since, services);
  await services.inbox.schedule([sweepTimer(printInstant(now), now + services.reconcileInterval)]);
}

/** The timer of the next look through everything. */
export function sweepTimer(deliveriesSince: string, at: number): Timer {
  const body = JSON.stringify({ installation: null, deliveries_since: deliveriesSince });
  return { key: "sweep", lane: "", event: SWEEP, body, at };
}

/** Sets the timers of an installation's repositories: where there is one already it stays, unless it is to be at once. */
async function watchRepositories(
  { id, created_at }: { readonly id: number; readonly created_at: string },
  when: "at once" | "in time",
  services: Services,
): Promise<void> {
  const octokit = await services.octokitOf(id);
  const repositories = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 100 });
  const now = services.now();
  const longAgo = now - LOOK_BACK;
  // How a pipeline was worked on before anybody asked us to watch over it is no incident.
  const pushesSince = Math.max(longAgo, parseInstant(created_at) ?? longAgo);
  const timers = repositories
    .filter(({ archived }) => !archived)
    .map((repository) => {
      const { name, full_name, html_url, default_branch, owner } = repository;
      const payload = { name, full_name, html_url, default_branch, owner: { login: owner.login } };
      const event = { installation: { id }, repository: payload };
      const looked = {
        comments_since: printInstant(longAgo),
        pushes_since: printInstant(pushesSince),
        closings_since: "",
      };
      return reconcileTimer(event, looked, now);
    });
  await services.inbox.schedule(timers, when === "at once" ? "move" : "keep");
}
