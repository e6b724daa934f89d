import { readFileSync } from "node:fs";
import { buildSchema, type GraphQLSchema } from "graphql";

let schema: GraphQLSchema | undefined;

/** GitHub's published GraphQL schema. Building it takes a tenth of a second and more, so it is built at the first query. */
export function githubSchema(): GraphQLSchema {
  // `assumeValid`: the published text is valid, and checking it takes as long as building it.
  schema ??= buildSchema(
    readFileSync(new URL("schema.graphql", import.meta.resolve("@octokit/graphql-schema")), "utf8"),
    {
      assumeValid: true,
    },
  );
  return schema;
}
