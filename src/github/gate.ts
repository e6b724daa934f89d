import { z } from "zod";
import type { GateReport } from "../domain/gate/gate-report.ts";
import type { OpenPull } from "./open-pull.ts";
import { at, type Repository } from "./repository.ts";
import { sendIdempotent, sendOnce } from "./send-once.ts";

/** Whether the gate of a pull request has to be written: it is missing, or says something else. */
export function isStale({ gate }: Pick<OpenPull, "gate">, report: GateReport): boolean {
  return gate?.digest !== report.digest || gate.conclusion !== report.conclusion;
}

/**
 * Makes the gate of a pull request say this. The check run that is there is changed: GitHub keeps no more than a thousand of
 * one name in a suite.
 */
export async function setGate(
  repository: Repository,
  { head, gate }: Pick<OpenPull, "head" | "gate">,
  report: GateReport,
  check: string,
): Promise<void> {
  const { checks } = repository.octokit.rest;
  const { conclusion, title, summary, digest } = report;
  const said = { status: "completed", conclusion, external_id: digest, output: { title, summary } } as const;
  if (gate !== null) {
    await sendIdempotent(() => checks.update({ ...at(repository), check_run_id: gate.id, ...said }));
    return;
  }
  await sendOnce(
    async () => {
      await checks.create({ ...at(repository), name: check, head_sha: head, ...said });
      return true;
    },
    async () => {
      const { data } = await checks.listForRef({ ...at(repository), ref: head, check_name: check });
      return data.check_runs.some(({ external_id }) => external_id === digest) || null;
    },
  );
}

const MOST_RECIPES = 200;

const blobs = z.object({
  repository: z.record(z.string(), z.object({ text: z.string().nullish() }).nullish()),
});

/**
 * The texts of files at commits, in the order of the question; null for what is not there, no text, or not a file. One call
 * for every two hundred.
 */
export async function readTexts(
  repository: Repository,
  places: readonly { readonly commit: string; readonly path: string }[],
): Promise<readonly (string | null)[]> {
  const texts: (string | null)[] = [];
  for (let start = 0; start < places.length; start += MOST_RECIPES) {
    texts.push(...(await readSome(repository, places.slice(start, start + MOST_RECIPES))));
  }
  return texts;
}

// Paths are what anybody may name a file: they travel as variables, never in the text of the query.
async function readSome(
  { octokit, owner, name, urgency }: Repository,
  places: readonly { readonly commit: string; readonly path: string }[],
): Promise<readonly (string | null)[]> {
  const parameters = places.map((_, index) => `$e${index}: String!`).join(", ");
  const fields = places
    .map((_, index) => `b${index}: object(expression: $e${index}) { ... on Blob { text } }`)
    .join(" ");
  const query = `query Texts($owner: String!, $name: String!, ${parameters}) { repository(owner: $owner, name: $name) { ${fields} } }`;
  const expressions = Object.fromEntries(places.map(({ commit, path }, index) => [`e${index}`, `${commit}:${path}`]));
  const answer = blobs.parse(await octokit.graphql(query, { request: { urgency }, owner, name, ...expressions }));
  return places.map((_, index) => answer.repository[`b${index}`]?.text ?? null);
}
