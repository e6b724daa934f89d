import { batchPlace } from "../config/policy.ts";
import { quote } from "../domain/quote.ts";
import { type CheckPlan, type Fill, planChecks } from "../domain/supply-chain/check-plan.ts";
import { findFiles } from "../github/file-change.ts";
import type { Answer, CommandContext } from "./context.ts";

/** A recipe that gives something to compare with. */
interface Checkable {
  readonly path: string;
  readonly plan: CheckPlan;
}

/**
 * The recipe of a name, or of a path, and what can be compared of it; an answer where there is none, or nothing. One call.
 *
 * @param command what to repeat with a version, after `/batch`
 */
export async function findCheckable(
  command: string,
  name: string,
  fill: Fill,
  { repository, reading }: Pick<CommandContext, "repository" | "reading">,
): Promise<Checkable | Answer> {
  const paths = pathsOf(name, batchPlace(reading.configuration.settings).recipes);
  const [found, ...others] = await findFiles(repository, reading.snapshot.head, paths);
  if (found === undefined)
    return refused(
      `There is no recipe ${quote(name, 100)}: neither ${paths.map((path) => quote(path)).join(" nor ")}.`,
    );
  const { path, file } = found;
  if (others.length > 0) {
    const both = [found, ...others].map((each) => quote(each.path, 150)).join(" and ");
    return refused(`${quote(name, 100)} is the name of several recipes, ${both}: name one by its path.`);
  }
  const plan = file.kind === "text" ? planChecks(file.text, fill) : null;
  if (plan === null) return refused(`${quote(path, 150)} is no TOML that can be read.`);
  if (plan.checks.length === 0) return { outcome: "done", text: nothingToCompare(path, command, plan) };
  return { path, plan };
}

function pathsOf(name: string, recipes: string): readonly string[] {
  if (name.startsWith(`${recipes}/`)) return [name];
  const file = name.replace(/\.toml$/, "");
  return [`${recipes}/${file[0]?.toLowerCase()}/${file}.toml`, `${recipes}/${file}.toml`];
}

function nothingToCompare(path: string, command: string, plan: CheckPlan): string {
  const hint = plan.asksVersion ? [`With \`/batch ${command} --version <version>\` one version is compared.`] : [];
  const none =
    plan.without.length === 0 ? ["It names no file itself: what it installs, a package manager verifies."] : [];
  return [
    `**Nothing was compared**: ${quote(path, 150)} gives nothing to compare with.`,
    ...none,
    ...notCompared(plan),
    ...hint,
  ].join("\n\n");
}

/** What of a recipe cannot be compared, and why. */
export function notCompared({ without }: CheckPlan): readonly string[] {
  return without.length === 0 ? [] : [`Not compared:\n${without.map((why) => `- ${quote(why, 150)}`).join("\n")}`];
}

function refused(text: string): Answer {
  return { outcome: "refused", text };
}
