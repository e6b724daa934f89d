import { markedBody } from "./comment.ts";
import { hasMarker, type Marker } from "./marker.ts";
import { at, type Repository } from "./repository.ts";
import { sendOnce } from "./send-once.ts";

/** Says something below a commit, where GitHub tells its author; once, however often it is asked for. */
export async function commentOnCommit(
  repository: Repository,
  sha: string,
  marker: Marker,
  body: string,
  botLogin: () => Promise<string>,
): Promise<void> {
  const { repos } = repository.octokit.rest;
  const find = async () => {
    const { data } = await repos.listCommentsForCommit({ ...at(repository), commit_sha: sha, per_page: 100 });
    const own = await botLogin();
    return data.some((comment) => comment.user?.login === own && hasMarker(comment.body, marker)) ? true : null;
  };
  if ((await find()) !== null) return;
  await sendOnce(async () => {
    await repos.createCommitComment({ ...at(repository), commit_sha: sha, body: markedBody(marker, body) });
    return true;
  }, find);
}
