import { batchPlace } from "../config/policy.ts";
import { quote } from "../domain/quote.ts";
import { type CheckPlan, planChecks } from "../domain/supply-chain/check-plan.ts";
import { findFile } from "../github/file-change.ts";
import { recipe } from "./arguments/recipe.ts";
import { version } from "./arguments/version.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";

/** `/batch verify`: compares what a recipe downloads with the checksum that it, or a file it names, gives. */
export const verify = command({
  verb: "verify",
  summary: "Download what a recipe names, and compare it with the checksum that was published for it.",
  args: { recipe: recipe(), version: version("the version to verify, where the recipe names none") },
  // Readers may be anybody: the files may have gigabytes, and a drift stops an ecosystem.
  needs: "write",
  whenLate: "run",
  leniency: "strict",
  examples: ["/batch verify ncurses", "/batch verify recipes/b/boundary.toml --version 0.19.2"],
  async run({ recipe: name, version: wanted }, context: CommandContext): Promise<Answer> {
    const { repository, reading, verifyLater } = context;
    const paths = pathsOf(name, batchPlace(reading.configuration.settings).recipes);
    const commit = reading.snapshot.head;
    const found = await findFile(repository, commit, paths);
    if (found === null)
      return refused(
        `There is no recipe ${quote(name, 100)}: neither ${paths.map((path) => quote(path)).join(" nor ")}.`,
      );
    const { path, file } = found;
    const plan = file.kind === "text" ? planChecks(file.text, { version: wanted }) : null;
    if (plan === null) return refused(`${quote(path, 150)} is no TOML that can be read.`);
    if (plan.checks.length === 0) return { outcome: "done", text: nothingToCompare(path, name, plan) };
    await verifyLater({ path, commit, version: wanted });
    const files = plan.checks.length === 1 ? "One file" : `${plan.checks.length} files`;
    const text = `${files} of ${quote(path, 150)} will be downloaded and compared; the result follows below, in some minutes at most.`;
    return { outcome: "done", text: [text, ...notCompared(plan)].join("\n\n") };
  },
});

function pathsOf(name: string, recipes: string): readonly string[] {
  if (name.startsWith(`${recipes}/`)) return [name];
  const file = name.replace(/\.toml$/, "");
  return [`${recipes}/${file[0]?.toLowerCase()}/${file}.toml`, `${recipes}/${file}.toml`];
}

function nothingToCompare(path: string, name: string, plan: CheckPlan): string {
  const hint = plan.asksVersion ? [`With \`/batch verify ${name} --version <version>\` one version is compared.`] : [];
  const none =
    plan.without.length === 0 ? ["It names no file itself: what it installs, a package manager verifies."] : [];
  return [
    `**Nothing was compared**: ${quote(path, 150)} gives nothing to compare with.`,
    ...none,
    ...notCompared(plan),
    ...hint,
  ].join("\n\n");
}

function notCompared({ without }: CheckPlan): readonly string[] {
  return without.length === 0 ? [] : [`Not compared:\n${without.map((why) => `- ${quote(why, 150)}`).join("\n")}`];
}

function refused(text: string): Answer {
  return { outcome: "refused", text };
}
