import { ProbotOctokit } from "probot";
import { SECOND } from "../domain/instant.ts";
import { type Counting, countedCall } from "./counted-call.ts";
import { failureInside } from "./failure.ts";
import { type Urgency, WRITE_LIMITS, WriteLanes, type WriteLimits } from "./pacing.ts";
import { Rests, sendPatiently, type Waiting } from "./patience.ts";
import { isGraphql, isRead, type RequestOptions } from "./request-kind.ts";

/** Octokit as Probot configures it, with this app's own pacing and retries instead of the bundled ones. */
export type Octokit = ProbotOctokit;

/** How the client waits and what it tells: replaced by tests and benchmarks that need a clock of their own. */
export interface ClientSettings extends Waiting, Counting {
  /** How much an installation may write; default as much as GitHub says. */
  readonly writes?: WriteLimits;
}

// A call that has not been answered by then is treated as lost; GitHub itself ends calls after ten seconds.
const CALL_TIMEOUT = 20 * SECOND;

/**
 * The Octokit class of this app.
 *
 * Probot's bundled retry sends a failed compare-and-swap again with the same stale sha and repeats POSTs that had their
 * effect; its throttle spaces writes of all installations together one to three seconds apart. Both are switched off.
 * Instead: reads are retried with full jitter; writes are sent once, because only their caller can look for the effect;
 * a rate limit is waited for as GitHub asks, per installation; an expired token is replaced once.
 */
export function createOctokitClass(settings: ClientSettings): typeof ProbotOctokit {
  const { writes = WRITE_LIMITS } = settings;
  const lanes = new Map<number, WriteLanes>();
  const rests = new Rests(settings);
  const Paced = ProbotOctokit.plugin((octokit, options) => {
    octokit.hook.wrap("request", (send, request) => {
      const installation = installationOf(options);
      const once = async () => {
        await rests.over(installation);
        const call = async () => trulyAnswered(await send(withTimeout(request)), request);
        return countedCall(call, { ...request, installation }, settings);
      };
      const renew = async () => {
        await rests.over(installation);
        await octokit.auth({ type: "installation", refresh: true });
      };
      const heeding =
        <T>(call: () => Promise<T>) =>
        () =>
          call().catch((error) => rests.heed(installation, error));
      const patiently = () => sendPatiently({ send: heeding(once), renew: heeding(renew) }, request, settings);
      if (installation === null || isRead(request)) return patiently();
      const lane = lanes.getOrInsertComputed(installation, () => new WriteLanes(writes));
      const urgency: Urgency = request.request?.urgency ?? "housekeeping";
      return lane.run(urgency, patiently);
    });
  });
  // A plain object here would be overridden by Probot's own defaults; only a function reaches the throttle plugin.
  return Paced.defaults((defaults: { throttle?: object } & Authentication) => ({
    ...defaults,
    retry: { enabled: false },
    throttle: { ...defaults.throttle, enabled: false },
    auth: authAt(defaults),
  }));
}

interface Authentication {
  readonly auth?: { readonly request?: ProbotOctokit["request"] };
  readonly baseUrl?: string;
}

/** Probot would renew a token at api.github.com whatever the base URL is; on GitHub Enterprise Server that is nobody's. */
function authAt({ auth, baseUrl }: Authentication): Authentication["auth"] {
  return auth?.request === undefined || baseUrl === undefined
    ? auth
    : { ...auth, request: auth.request.defaults({ baseUrl }) };
}

function withTimeout<R extends { readonly request?: object }>(request: R): R {
  return { ...request, request: { ...request.request, signal: AbortSignal.timeout(CALL_TIMEOUT) } };
}

/** GraphQL answers 200 when it could not answer; what is no answer is thrown like its counterpart in REST. */
function trulyAnswered<T>(response: T, request: RequestOptions): T {
  const failure = isGraphql(request) ? failureInside(response) : null;
  if (failure !== null) throw failure;
  return response;
}

function installationOf(options: { auth?: unknown }): number | null {
  const { auth } = options;
  const id = typeof auth === "object" && auth !== null && "installationId" in auth ? auth.installationId : null;
  return typeof id === "number" ? id : null;
}
