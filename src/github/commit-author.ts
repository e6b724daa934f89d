import { z } from "zod";

/** The author of a commit as GraphQL tells it: the login, or the name in the commit when it belongs to no account. */
export const commitAuthor = z
  .object({ name: z.string().nullish(), user: z.object({ login: z.string() }).nullish() })
  .nullish()
  .transform((author) => author?.user?.login ?? author?.name ?? "somebody");
