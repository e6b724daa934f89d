import type { Octokit } from "./octokit.ts";

/** The login of this app's bot user, asked for or heard. */
interface BotLogin {
  readonly botLogin: () => Promise<string>;
  /** What GitHub mentioned by the way need not be asked for. */
  readonly learn: (login: string) => void;
}

/**
 * The login of this app's bot user, `batchkeeper[bot]`: by it the app knows its own comments and issues. Asked for when it
 * is first needed, not at start, so that the process is ready although GitHub is not; asked again after a failure.
 */
export function botLoginOf(asApp: () => Promise<Octokit>): BotLogin {
  let known: Promise<string> | null = null;
  const ask = async (): Promise<string> => {
    const { data } = await (await asApp()).rest.apps.getAuthenticated();
    if (data === null) throw new Error("GitHub did not tell which app this is");
    return `${data.slug}[bot]`;
  };
  return {
    botLogin: () => {
      known ??= ask().catch((error) => {
        known = null;
        throw error;
      });
      return known;
    },
    learn: (login) => {
      known ??= Promise.resolve(login);
    },
  };
}
