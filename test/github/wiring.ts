import { ActivityLog } from "./activity-log.ts";
import { AdvisoryStore } from "./advisory-store.ts";
import { actionRoutes } from "./api/actions.ts";
import { activityRoutes } from "./api/activity.ts";
import { artifactRoutes } from "./api/artifacts.ts";
import { checkRunRoutes } from "./api/check-runs.ts";
import { collaboratorRoutes } from "./api/collaborators.ts";
import { commentRoutes } from "./api/comments.ts";
import { commitRoutes } from "./api/commits.ts";
import { contentsRoutes } from "./api/contents.ts";
import { gitObjectRoutes } from "./api/git-objects.ts";
import { hookDeliveryRoutes } from "./api/hook-deliveries.ts";
import { installationRoutes } from "./api/installation.ts";
import { issuePageRoutes } from "./api/issue-page.ts";
import { issueRoutes } from "./api/issues.ts";
import { labelRoutes } from "./api/labels.ts";
import { OAuthStore, oauthRoutes, userInstallationRoutes } from "./api/oauth.ts";
import { pullRequestRoutes } from "./api/pull-requests.ts";
import { reactionRoutes } from "./api/reactions.ts";
import { refRoutes } from "./api/refs.ts";
import { repositoryInfoRoutes } from "./api/repository.ts";
import { ruleRoutes } from "./api/rules.ts";
import { securityAdvisoryRoutes } from "./api/security-advisories.ts";
import { ArtifactStore } from "./artifact-store.ts";
import { authentication } from "./authentication.ts";
import { nodeId } from "./database.ts";
import type { Deliveries } from "./delivery.ts";
import type { EmulatorInside } from "./emulator.ts";
import { reportFromEmulator } from "./events.ts";
import { noreplyAddress } from "./git/identity.ts";
import { graphqlRoutes } from "./graphql/endpoint.ts";
import { conditionalRequests, requestId } from "./http/conditional-requests.ts";
import { enterprisePrefix } from "./http/enterprise-prefix.ts";
import { cutConnections, Faults } from "./http/faults.ts";
import { layered } from "./http/layer.ts";
import { RateLimits } from "./http/rate-limits.ts";
import { RequestLog } from "./http/request-log.ts";
import { installationPermissions } from "./installation-permissions.ts";
import { InstallationTokens } from "./installation-tokens.ts";
import { ReactionStore } from "./reaction-store.ts";
import type { AppCredentials, Site } from "./site.ts";

/** The parts of a local GitHub, put together. */
export interface Wiring {
  readonly site: Site;
  /** Calls the routes without the layers of HTTP: no faults, no limits, no log. */
  readonly inside: (request: Request) => Promise<Response>;
  readonly installationTokens: InstallationTokens;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  readonly log: RequestLog;
  readonly afterRegistration: () => void;
}

const ROUTES = [
  repositoryInfoRoutes,
  contentsRoutes,
  commitRoutes,
  activityRoutes,
  checkRunRoutes,
  refRoutes,
  gitObjectRoutes,
  pullRequestRoutes,
  // Before the issues: `comments` would be taken for the number of one.
  commentRoutes,
  issueRoutes,
  labelRoutes,
  reactionRoutes,
  artifactRoutes,
  actionRoutes,
  collaboratorRoutes,
  ruleRoutes,
  securityAdvisoryRoutes,
  hookDeliveryRoutes,
  installationRoutes,
  graphqlRoutes,
  oauthRoutes,
  userInstallationRoutes,
];

/** The first account there is, so that ids look like GitHub's. */
const BOT_ID = 198_765_432;

/** Extends emulate while it is put together: our middleware and routes first, then its own, then what it must not do. */
export function buildSite(inside: EmulatorInside, app: AppCredentials, deliveries: Deliveries): Wiring {
  const { app: router, db, tokens, webhooks } = inside;
  const installationTokens = new InstallationTokens(tokens);
  const site: Site = {
    url: inside.url.replace("//localhost:", "//127.0.0.1:"),
    db,
    router,
    tokens,
    deliveries,
    app: { ...app, botId: BOT_ID },
    rules: new Map(),
    reactions: new ReactionStore(),
    activity: new ActivityLog(),
    artifacts: new ArtifactStore(),
    oauth: new OAuthStore(),
    advisories: new AdvisoryStore(),
    limits: { treeEntries: 100_000 },
    clock: { ahead: 0 },
  };
  seedBot(site);
  // Emulate's rate limiter: 5,000 calls for a token and nothing but a restart resets it.
  router.middleware.pop();
  router.use("*", authentication(site, installationTokens));
  router.use("*", installationPermissions(site));
  for (const register of ROUTES) register(site);
  issuePageRoutes(site, () => innermost);

  const [faults, rateLimits, log] = [new Faults(), new RateLimits(), new RequestLog(tokens, botLogin(site))];
  const innermost = router.fetch;
  const layers = [
    cutConnections,
    enterprisePrefix,
    requestId,
    log.layer,
    faults.layer,
    rateLimits.layer,
    conditionalRequests,
  ];
  router.fetch = layered(layers, innermost);
  const afterRegistration = () => {
    webhooks.dispatch = reportFromEmulator(site);
  };
  return { site, inside: innermost, installationTokens, faults, rateLimits, log, afterRegistration };
}

function botLogin({ app }: Site): string {
  return `${app.slug}[bot]`;
}

/** Emulate would make the app's account at its first action; here it is known from the start. */
function seedBot(site: Site): void {
  const login = botLogin(site);
  const email = noreplyAddress(BOT_ID, login);
  const blank = { node_id: nodeId("Bot", BOT_ID), avatar_url: "", gravatar_id: "", site_admin: false };
  site.db.users.insert({ ...blank, id: BOT_ID, login, name: login, email, type: "Bot" });
}
