import { z } from "zod";
import { QUEUE_PATH } from "../domain/batches/queue.ts";
import { at, type Repository } from "./repository.ts";

// The largest that was seen in use has a megabyte and a half.
const MOST_BYTES = 10_000_000;

const SIZE = `query QueueSize($owner: String!, $name: String!, $path: String!) {
  repository(owner: $owner, name: $name) { object(expression: $path) { __typename oid ... on Blob { byteSize } } }
}`;

const sizeShape = z.object({
  repository: z.object({
    object: z.object({ __typename: z.string(), oid: z.string(), byteSize: z.number().optional() }).nullable(),
  }),
});

/** The text of the pipeline's queue on the default branch: two calls. Null when it has none, or one too large to read. */
export async function readQueue(repository: Repository): Promise<string | null> {
  const answer: unknown = await repository.octokit.graphql(SIZE, {
    request: { urgency: repository.urgency },
    owner: repository.owner,
    name: repository.name,
    path: `HEAD:${QUEUE_PATH}`,
  });
  const { object } = sizeShape.parse(answer).repository;
  if (object?.byteSize === undefined || object.byteSize > MOST_BYTES) return null;
  const { data } = await repository.octokit.rest.git.getBlob({ ...at(repository), file_sha: object.oid });
  return Buffer.from(data.content, "base64").toString("utf8");
}
