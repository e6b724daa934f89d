import { z } from "zod";
import type { Repository } from "./repository.ts";

/** One git object: by which argument of `object` it is asked for, and what of it. */
interface AskedObject {
  readonly argument: string;
  readonly type: string;
  readonly value: string;
  readonly fields: string;
}

/** Git objects in the order in which they are asked for; null where there is none. Values go as variables, never as query. */
export async function askForObjects(
  repository: Repository,
  name: string,
  asked: readonly AskedObject[],
): Promise<readonly unknown[]> {
  const declared = asked.map(({ type }, index) => `$v${index}: ${type}`).join(", ");
  const fields = asked.map(({ argument, fields }, index) => `o${index}: object(${argument}: $v${index}) { ${fields} }`);
  const query = `query ${name}($owner: String!, $name: String!, ${declared}) { repository(owner: $owner, name: $name) { ${fields.join("\n")} } }`;
  const answer: unknown = await repository.octokit.graphql(query, {
    request: { urgency: repository.urgency },
    owner: repository.owner,
    name: repository.name,
    ...Object.fromEntries(asked.map(({ value }, index) => [`v${index}`, value])),
  });
  const { repository: found } = z.object({ repository: z.record(z.string(), z.unknown()) }).parse(answer);
  return asked.map((_, index) => found[`o${index}`]);
}

/** Parts of a list, each short enough for one call. */
export function groupsOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    items.slice(group * size, (group + 1) * size),
  );
}
