import { createHash } from "node:crypto";
import { type Instant, MINUTE } from "../domain/instant.ts";
import { statusOf } from "../github/failure.ts";
import type { Octokit } from "../github/octokit.ts";
import { type Repository, repositoryOf } from "../github/repository.ts";
import { type Viewer, type VisibleRepository, visibleRepositories } from "../github/viewer.ts";

interface AccessSettings {
  /** A client that acts as the person of a token. */
  readonly octokitOfViewer: (token: string) => Octokit;
  readonly octokitOf: (installation: number) => Promise<Octokit>;
  readonly now: () => Instant;
}

/** GitHub does not know the person's token any more: they have to sign in again. */
export class SignedOut extends Error {
  override readonly name = "SignedOut";
}

/** For how long GitHub's word about what it shows somebody counts. */
const REMEMBERED = MINUTE;
const MOST_VIEWERS = 500;

/** What GitHub shows whom: asked with the person's own token, never guessed from the app's, which sees more. */
export class Access {
  readonly #settings: AccessSettings;
  readonly #known = new Map<
    string,
    { readonly at: Instant; readonly visible: Promise<readonly VisibleRepository[]> }
  >();

  constructor(settings: AccessSettings) {
    this.#settings = settings;
  }

  /**
   * The repositories that a person sees, each with the app's client.
   * @throws {SignedOut} when their token is no good any more; GitHub's error when it could not be asked.
   */
  async repositories(viewer: Viewer): Promise<readonly Repository[]> {
    const visible = await this.#visible(viewer);
    return Promise.all(
      visible.map(async ({ installation, repository }) =>
        repositoryOf(repository, await this.#settings.octokitOf(installation), "housekeeping"),
      ),
    );
  }

  /** The repository of a name, or null: there is none, or GitHub does not show it to them, and nobody learns which. */
  async repository(viewer: Viewer, fullName: string): Promise<Repository | null> {
    const wanted = fullName.toLowerCase();
    const visible = await this.#visible(viewer);
    const found = visible.find(({ repository }) => repository.full_name.toLowerCase() === wanted);
    if (found === undefined) return null;
    return repositoryOf(found.repository, await this.#settings.octokitOf(found.installation), "housekeeping");
  }

  async #visible({ token }: Viewer): Promise<readonly VisibleRepository[]> {
    const { now, octokitOfViewer } = this.#settings;
    const key = createHash("sha256").update(token).digest("base64");
    const known = this.#known.get(key);
    if (known !== undefined && now() - known.at < REMEMBERED) return known.visible;
    const visible = visibleRepositories(octokitOfViewer(token));
    this.#known.delete(key);
    this.#known.set(key, { at: now(), visible });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_VIEWERS && oldest !== undefined) this.#known.delete(oldest);
    try {
      return await visible;
    } catch (error) {
      this.#known.delete(key);
      throw statusOf(error) === 401 ? new SignedOut("the token is no good any more") : error;
    }
  }
}
