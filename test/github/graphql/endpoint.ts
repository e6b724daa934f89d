import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLFormattedError,
  parse,
  validate,
} from "graphql";
import { ok, Refusal, route } from "../api/routes.ts";
import { isObject, type Json } from "../json.ts";
import type { Site } from "../site.ts";
import { createCommitOnBranch } from "./create-commit-on-branch.ts";
import { pinIssue } from "./issue.ts";
import {
  addLabelsToLabelable,
  createPullRequestByGraphql,
  createRef,
  disablePullRequestAutoMerge,
  enablePullRequestAutoMerge,
  requestReviewsByGraphql,
} from "./pull-request-mutations.ts";
import type { QueryContext } from "./query-context.ts";
import { repository } from "./repository.ts";
import { githubSchema } from "./schema.ts";
import { search } from "./search.ts";

/** The root fields of Query and Mutation that the local GitHub answers; add one here to support another operation. */
const ROOT = {
  repository,
  search,
  createCommitOnBranch,
  createRef,
  createPullRequest: createPullRequestByGraphql,
  addLabelsToLabelable,
  pinIssue,
  enablePullRequestAutoMerge,
  disablePullRequestAutoMerge,
  viewer: (_args: unknown, { caller }: QueryContext) => ({ login: "user" in caller ? caller.user.login : "" }),
  requestReviews: requestReviewsByGraphql,
};

/** `POST /graphql`: parsed and validated against GitHub's own schema, so that a query GitHub would refuse is refused. */
export function graphqlRoutes(site: Site): void {
  route(site, "POST", "/graphql", async (request) => {
    if (request.caller.kind === "anonymous" || request.caller.kind === "app") {
      throw new Refusal(401, "This endpoint requires you to be authenticated.");
    }
    const { query, variables } = await request.json();
    const context: QueryContext = { site, caller: request.caller };
    return ok(await answer(String(query), isObject(variables) ? variables : {}, context));
  });
}

async function answer(query: string, variables: Json, context: QueryContext): Promise<Json> {
  const schema = githubSchema();
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [formatted(error)] };
    throw error;
  }
  const invalid = validate(schema, document);
  if (invalid.length > 0) return { errors: invalid.map(formatted) };
  const { data, errors } = await execute({
    schema,
    document,
    rootValue: ROOT,
    contextValue: context,
    variableValues: variables,
    fieldResolver: resolveField,
  });
  return { ...(data === undefined ? {} : { data }), ...(errors ? { errors: errors.map(formatted) } : {}) };
}

// Like graphql's own, except that a field nobody wrote a resolver for says so instead of being null.
const resolveField: GraphQLFieldResolver<unknown, QueryContext> = (source, args, context, info) => {
  const value = isObject(source) ? source[info.fieldName] : undefined;
  if (value === undefined) {
    throw new GraphQLError(`The local GitHub does not resolve ${info.parentType.name}.${info.fieldName} yet.`);
  }
  return typeof value === "function" ? value.call(source, args, context, info) : value;
};

function formatted(error: GraphQLError): GraphQLFormattedError & { readonly type?: unknown } {
  const { type, ...extensions } = error.extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(error.path ? { path: error.path } : {}),
    ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
    ...(error.locations ? { locations: error.locations } : {}),
    message: error.message,
  };
}
