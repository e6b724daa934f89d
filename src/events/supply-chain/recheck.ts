import { batchPlace } from "../../config/policy.ts";
import { DAY, type Instant } from "../../domain/instant.ts";
import { shortHash } from "../../domain/short-hash.ts";
import { planChecks } from "../../domain/supply-chain/check-plan.ts";
import { turnOf, type Verifiable } from "../../domain/supply-chain/rotation.ts";
import { recipeTextsAt } from "../../github/recipe-text.ts";
import { repositoryOf } from "../../github/repository.ts";
import { laneOf, type Timer } from "../../inbox/inbox.ts";
import { RECHECK } from "../occurrence.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Services } from "../services.ts";
import { verification } from "./accept-download.ts";

/** The timer of a repository's daily re-verification: at a time of its own, so that not all begin at midnight. */
export function recheckTimer({ installation, repository }: RepositoryEvent, now: Instant): Timer {
  const lane = laneOf(repository.full_name);
  const offset = Number.parseInt(shortHash(lane), 16) % DAY;
  const at = (Math.floor((now - offset) / DAY) + 1) * DAY + offset;
  return { key: `${RECHECK}:${lane}`, lane, event: RECHECK, body: JSON.stringify({ installation, repository }), at };
}

/**
 * Has the recipes verified whose turn it is today, as many as the settings have downloads for; by default none, which costs
 * no call. Only what is published for no version in particular can be verified without a person who names one.
 */
export async function recheck(event: RepositoryEvent, services: Services): Promise<void> {
  const { inbox, now, store, log } = services;
  await inbox.schedule([recheckTimer(event, now())]);
  const repository = repositoryOf(event.repository, await services.octokitOf(event.installation.id), "housekeeping");
  if ((await store.settings(repository)).supply_chain.downloads_a_day === 0) return;
  const { snapshot, configuration } = await store.read(repository);
  const { settings } = configuration;
  const texts = await recipeTextsAt(repository, snapshot.head, batchPlace(settings).recipes);
  const recipes = [...texts].flatMap(([path, text]) => verifiable(path, text));
  const day = Math.floor(now() / DAY);
  const paths = turnOf(recipes, day, settings.supply_chain.downloads_a_day);
  log.info(
    { repository: repository.fullName, verifiable: recipes.length, today: paths.length },
    "recipes verified again",
  );
  const what = { commit: snapshot.head, version: null, asked: null };
  await inbox.accept(
    paths.map((path) => verification(`recheck:${repository.fullName}:${day}:${path}`, { ...event, path, ...what })),
  );
}

function verifiable(path: string, text: string | null): readonly Verifiable[] {
  const checks = text === null ? [] : (planChecks(text, { version: null })?.checks ?? []);
  const downloads = checks.reduce((sum, { published }) => sum + (published.kind === "list" ? 2 : 1), 0);
  return downloads === 0 ? [] : [{ path, downloads }];
}
