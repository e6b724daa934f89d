import { z } from "zod";
import { SECOND } from "../domain/instant.ts";
import type { Octokit } from "./octokit.ts";

/** What signing in with GitHub needs: the client of the app's OAuth, and where GitHub's pages are. */
export interface SignIn {
  readonly clientId: string;
  readonly clientSecret: string;
  /** `https://github.com`, or that of the GitHub Enterprise Server. */
  readonly webUrl: string;
}

/** A person who has signed in, with the token by which GitHub is asked what it shows them. */
export interface Viewer {
  readonly id: number;
  readonly login: string;
  readonly token: string;
}

/** A repository that GitHub shows a person and in which the app is installed. */
export interface VisibleRepository {
  readonly installation: number;
  readonly repository: {
    readonly name: string;
    readonly full_name: string;
    readonly html_url: string;
    readonly default_branch: string;
    readonly owner: { readonly login: string };
  };
}

/** GitHub's refusal to sign somebody in, in its own words. */
export class SignInRefused extends Error {
  override readonly name = "SignInRefused";
}

/**
 * Where a person allows this app to see who they are. GitHub sends them back with a code and the state, and takes the code
 * only from whoever knows the verifier of the challenge (PKCE, RFC 7636).
 */
export function authorizeUrl(
  { clientId, webUrl }: SignIn,
  {
    state,
    challenge,
    redirectUri,
  }: { readonly state: string; readonly challenge: string; readonly redirectUri: string | null },
): string {
  const query = new URLSearchParams({
    client_id: clientId,
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...(redirectUri === null ? {} : { redirect_uri: redirectUri }),
  });
  return `${webUrl}/login/oauth/authorize?${query}`;
}

const TIMEOUT = 10 * SECOND;

// GitHub answers 200 to a code that it does not take (GitHub documentation, "Troubleshooting OAuth app access token requests").
const tokenAnswer = z.union([
  z.object({ access_token: z.string() }),
  z.object({ error: z.string(), error_description: z.string().optional() }),
]);

/**
 * Exchanges a code for the token of the person who allowed it.
 * @throws {SignInRefused} when GitHub does not take the code.
 */
export async function exchangeCode(
  { clientId, clientSecret, webUrl }: SignIn,
  {
    code,
    verifier,
    redirectUri,
  }: { readonly code: string; readonly verifier: string; readonly redirectUri: string | null },
): Promise<string> {
  const response = await fetch(`${webUrl}/login/oauth/access_token`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({
      client_id: clientId,
      client_secret: clientSecret,
      code,
      code_verifier: verifier,
      ...(redirectUri === null ? {} : { redirect_uri: redirectUri }),
    }),
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (!response.ok) throw new Error(`GitHub answered ${response.status} to the code of a sign-in`);
  const answer = tokenAnswer.parse(await response.json());
  if ("error" in answer) throw new SignInRefused(answer.error_description ?? answer.error);
  return answer.access_token;
}

/** Who a token is of. */
export async function whoIs(octokit: Octokit): Promise<Pick<Viewer, "id" | "login">> {
  const { data } = await octokit.rest.users.getAuthenticated();
  return { id: data.id, login: data.login };
}

/** A person may belong to very many; a list that long is of no use on a page. */
const MOST_REPOSITORIES = 500;

/** The repositories that GitHub shows a person through this app, in the order of their names. */
export async function visibleRepositories(octokit: Octokit): Promise<readonly VisibleRepository[]> {
  const installations = await octokit.paginate(octokit.rest.apps.listInstallationsForAuthenticatedUser, {
    per_page: 100,
  });
  const lists = await Promise.all(
    installations
      .filter(({ suspended_at }) => suspended_at === null)
      .map(async ({ id }) => {
        const repositories = await octokit.paginate(octokit.rest.apps.listInstallationReposForAuthenticatedUser, {
          installation_id: id,
          per_page: 100,
        });
        return repositories
          .filter(({ archived }) => !archived)
          .map(({ name, full_name, html_url, default_branch, owner }) => ({
            installation: id,
            repository: { name, full_name, html_url, default_branch, owner: { login: owner.login } },
          }));
      }),
  );
  return lists
    .flat()
    .toSorted((one, other) => one.repository.full_name.localeCompare(other.repository.full_name, "en"))
    .slice(0, MOST_REPOSITORIES);
}
