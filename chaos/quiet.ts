import { setTimeout as delay } from "node:timers/promises";
import type { LoggedCall } from "../test/github/http/request-log.ts";
import type { LocalGitHub } from "../test/github/local-github.ts";
import type { Fleet } from "./fleet.ts";
import type { Place } from "./story/place.ts";

const BETWEEN_LOOKS = 50;
const LONGEST = 180_000;

/** The reads of one look of reconciliation into a repository, each with a name. */
const LOOKS: readonly RegExp[] = [
  /^\/repos\/[^/]+\/[^/]+\/actions\/runs\?/,
  /^\/repos\/[^/]+\/[^/]+\/git\/ref\/heads/,
  /^\/repos\/[^/]+\/[^/]+\/issues\/comments\?/,
];

/**
 * Resolves when nothing more will come of what happened: no delivery is under way, nothing waits in the inbox, now or for a
 * later try, every dashboard shows what can be commanded, and reconciliation has looked into every repository three times
 * without anything being written since: what one look finds of a push is looked into by the time of the next, and a dashboard
 * that has more to show is drawn sooner than that.
 * @throws when that is not so after three minutes.
 */
export async function quiet(github: LocalGitHub, fleet: Fleet, places: readonly Place[]): Promise<void> {
  const deadline = performance.now() + LONGEST;
  let mark = github.log.length;
  for (;;) {
    await delay(BETWEEN_LOOKS);
    await github.idle();
    const isWaiting = (await fleet.metric("batchkeeper_inbox_waiting")) > 0;
    const calls = github.calls(mark);
    if (calls.some(isWrite)) mark = github.log.length;
    else if (!isWaiting && places.every((place) => isQuiet(place, calls))) return;
    if (performance.now() > deadline) {
      const last = calls.slice(-10).map(({ method, path, status }) => `${method} ${path} ${status}`);
      const undrawn = places.filter(({ dashboard }) => !dashboard.isAtRest()).map(({ repository }) => repository);
      throw new Error(
        `not quiet after ${LONGEST / 1000} s; dashboards to be drawn: [${undrawn.join(", ")}]; the last calls:\n${last.join("\n")}`,
      );
    }
  }
}

function isQuiet({ repository, dashboard }: Place, calls: readonly LoggedCall[]): boolean {
  return dashboard.isAtRest() && wasLookedAtThrice(repository, calls);
}

function wasLookedAtThrice(repository: string, calls: readonly LoggedCall[]): boolean {
  const prefix = `/repos/${repository}/`;
  const answered = calls.filter(({ path, status }) => path.startsWith(prefix) && (status === 200 || status === 304));
  return LOOKS.every((look) => answered.filter(({ path }) => look.test(path)).length >= 3);
}

/** What changes something: neither a read nor a new token. */
function isWrite({ method, path, operation, status }: LoggedCall): boolean {
  const isRead = method === "GET" || operation?.startsWith("query") === true || path.endsWith("/access_tokens");
  return !isRead && status < 300 && status > 0;
}
