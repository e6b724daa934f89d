import { quote } from "../domain/quote.ts";
import { publishedElsewhere } from "../domain/supply-chain/acceptance.ts";
import { findOpenDrift } from "../github/open-drift.ts";
import { choice } from "./arguments/choice.ts";
import { recipe } from "./arguments/recipe.ts";
import { rest } from "./arguments/rest.ts";
import { version } from "./arguments/version.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { findCheckable } from "./recipe-file.ts";

/** `/batch drift accept`: what a publisher gives now is what the recipe is to expect, if two operators say so. */
export const drift = command({
  verb: "drift",
  summary:
    "Accept that a file was published anew: propose to a second operator that its recipe gets the checksum of now.",
  args: {
    action: choice("accept"),
    recipe: recipe(),
    version: version("the version that drifted, where the recipe names none"),
    reason: rest(),
  },
  needs: "write",
  whenLate: "repeat",
  leniency: "strict",
  examples: [
    "/batch drift accept ncurses — the mirror made its archives anew, https://mirror.example/news",
    "/batch drift accept recipes/b/boundary.toml --version 0.19.2 — same content, checked by hand",
  ],
  async run({ recipe: name, version: wanted, reason }, context: CommandContext): Promise<Answer> {
    const found = await findCheckable(`drift accept ${name}`, name, { version: wanted }, context);
    if ("outcome" in found) return found;
    const { path, plan } = found;
    const incident = await findOpenDrift(context.repository, { path, checks: plan.checks }, context);
    if (incident === null) {
      const way = `\`/batch verify ${name}\` compares what it downloads, and opens an incident if that drifts.`;
      const text = `**Nothing was changed**: there is no open incident of a drift of ${quote(path, 150)}. ${way}`;
      return { outcome: "refused", text };
    }
    const elsewhere = publishedElsewhere(path, plan.checks);
    if (elsewhere !== null) return { outcome: "refused", text: elsewhere };
    const { event, comment, position, operator } = context.request;
    const request = { event, comment, position, operator };
    await context.downloadLater({ kind: "accept-drift", path, version: wanted, reason, request });
    const text = `What ${quote(path, 150)} downloads will be measured once more, for ${quote(incident.title, 100)}; the result follows below, in some minutes at most.`;
    return { outcome: "done", text };
  },
});
