import { nodeId, type RepositoryRow, type UserRow } from "./database.ts";
import type { EmulatorDispatch } from "./emulator.ts";
import { isObject, type Json } from "./json.ts";
import { userJson } from "./shape/account.ts";
import { repositoryJson } from "./shape/repository.ts";
import { findRepository, type Site } from "./site.ts";

/**
 * Reports that something happened in a repository: one delivery to the app, if it is installed there and not suspended.
 * `repository`, `sender` and `installation` are added as GitHub adds them to every payload.
 */
export function report(
  site: Site,
  event: string,
  repository: RepositoryRow,
  sender: UserRow | undefined,
  payload: Json,
): void {
  const current = site.db.repos.get(repository.id) ?? repository;
  const installation = site.db.appInstallations
    .findBy("app_id", site.app.appId)
    .find((row) => row.account_id === current.owner_id && row.account_type === current.owner_type);
  if (!installation || installation.suspended_at !== null) return;
  if (installation.repository_selection === "selected" && !installation.repository_ids.includes(current.id)) return;
  site.deliveries.enqueue({
    event,
    installationId: installation.installation_id,
    repositoryId: current.id,
    payload: {
      ...payload,
      repository: repositoryJson(site, current),
      ...(sender ? { sender: userJson(site, sender) } : {}),
      installation: { id: installation.installation_id, node_id: nodeId("Installation", installation.installation_id) },
    },
  });
}

/** Takes what emulate's own routes report (checks, reviews, releases) and delivers it our way, `action` included. */
export function reportFromEmulator(site: Site): EmulatorDispatch {
  return async (event, action, payload, owner, repository) => {
    const row = repository === undefined ? undefined : findRepository(site.db, `${owner}/${repository}`);
    if (!row || !isObject(payload)) return;
    const { sender, repository: _theirs, ...rest } = payload;
    const login = isObject(sender) ? sender.login : undefined;
    const user = typeof login === "string" ? site.db.users.findOneBy("login", login) : undefined;
    report(site, event, row, user, { ...(action === undefined ? {} : { action }), ...rest });
  };
}
