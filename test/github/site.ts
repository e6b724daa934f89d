import type { ActivityLog } from "./activity-log.ts";
import type { AdvisoryStore } from "./advisory-store.ts";
import type { OAuthStore } from "./api/oauth.ts";
import type { ArtifactStore } from "./artifact-store.ts";
import type { BranchRules } from "./branch-rules.ts";
import type { Database, RepositoryRow } from "./database.ts";
import type { Deliveries } from "./delivery.ts";
import type { EmulatorAuthUser, EmulatorRouter } from "./emulator.ts";
import type { ReactionStore } from "./reaction-store.ts";

/** What the process of the app needs to be that app. */
export interface AppCredentials {
  readonly appId: number;
  readonly slug: string;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
}

/** The GitHub App that is registered at this local GitHub. */
interface AppIdentity extends AppCredentials {
  /** Numeric id of the account `<slug>[bot]`. */
  readonly botId: number;
}

/** What every module works with: the stored state, and the ways out of it. */
export interface Site {
  readonly url: string;
  readonly db: Database;
  readonly router: EmulatorRouter;
  readonly app: AppIdentity;
  readonly tokens: Map<string, EmulatorAuthUser>;
  readonly deliveries: Deliveries;
  readonly rules: BranchRules;
  readonly reactions: ReactionStore;
  readonly activity: ActivityLog;
  readonly artifacts: ArtifactStore;
  readonly oauth: OAuthStore;
  readonly advisories: AdvisoryStore;
  /** What GitHub does not list whole; tests lower it. */
  readonly limits: { treeEntries: number };
  /** How far the clock of comments and reviews is ahead, in milliseconds; tests that turn a clock turn this one too. */
  readonly clock: { ahead: number };
}

/** GitHub treats owner and repository names without regard to case. */
export function findRepository(db: Database, fullName: string): RepositoryRow | undefined {
  const wanted = fullName.toLowerCase();
  return db.repos.findOneBy("full_name", fullName) ?? db.repos.all().find((r) => r.full_name.toLowerCase() === wanted);
}

/** The repository that a test names; a misspelt name in a test is an error of the test. */
export function repositoryNamed(site: Site, fullName: string): RepositoryRow {
  const repository = findRepository(site.db, fullName);
  if (!repository) throw new Error(`The local GitHub has no repository ${fullName}.`);
  return repository;
}

/** The present, as GitHub prints it. */
export function timestamp({ ahead }: Site["clock"] = { ahead: 0 }): string {
  return new Date(Date.now() + ahead).toISOString();
}
