import { quote } from "../domain/quote.ts";
import { recipe } from "./arguments/recipe.ts";
import { version } from "./arguments/version.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { findCheckable, notCompared } from "./recipe-file.ts";

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
    const found = await findCheckable(`verify ${name}`, name, { version: wanted }, context);
    if ("outcome" in found) return found;
    const { path, plan } = found;
    await context.downloadLater({ kind: "verify", path, commit: context.reading.snapshot.head, version: wanted });
    const files = plan.checks.length === 1 ? "One file" : `${plan.checks.length} files`;
    const text = `${files} of ${quote(path, 150)} will be downloaded and compared; the result follows below, in some minutes at most.`;
    return { outcome: "done", text: [text, ...notCompared(plan)].join("\n\n") };
  },
});
