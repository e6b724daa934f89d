import type { Octokit } from "./octokit.ts";

/**
 * The login of this app's bot user, `batchkeeper[bot]`: by it the app knows its own comments and issues. Asked for when it
 * is first needed, not at start, so that the process is ready although GitHub is not; asked again after a failure.
 */
export function botLoginOf(asApp: () => Promise<Octokit>): () => Promise<string> {
  let known: Promise<string> | null = null;
  const ask = async (): Promise<string> => {
    const { data } = await (await asApp()).rest.apps.getAuthenticated();
    if (data === null) throw new Error("GitHub did not tell which app this is");
    return `${data.slug}[bot]`;
  };
  return () => {
    known ??= ask().catch((error) => {
      known = null;
      throw error;
    });
    return known;
  };
}
