import { approve } from "./approve.ts";
import { word } from "./arguments/word.ts";
import { audit } from "./audit.ts";
import { batches } from "./batches.ts";
import { breaker } from "./breaker.ts";
import { budget } from "./budget.ts";
import { cancel } from "./cancel.ts";
import { command } from "./command.ts";
import type { Answer, CommandContext } from "./context.ts";
import { drift } from "./drift.ts";
import { renderHelp } from "./help.ts";
import { incident } from "./incident.ts";
import type { Registry } from "./registry.ts";
import { resume } from "./resume.ts";
import { rollback } from "./rollback.ts";
import { runs } from "./runs.ts";
import { show } from "./show.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { verify } from "./verify.ts";

/** `/batch help`: made from the declarations of all commands, its own included. */
const help = command({
  verb: "help",
  summary: "List the commands, or explain one.",
  args: { command: word("command") },
  needs: "read",
  whenLate: "run",
  leniency: "lenient",
  examples: ["/batch help", "/batch help stop"],
  async run({ command: verb }, _context: CommandContext): Promise<Answer> {
    return { outcome: "done", text: renderHelp(catalog, verb) };
  },
});

/** Every command, in the order of the help. */
export const catalog: Registry<CommandContext, Promise<Answer>> = [
  stop,
  resume,
  approve,
  cancel,
  rollback,
  show,
  batches,
  status,
  breaker,
  runs,
  verify,
  audit,
  drift,
  budget,
  incident,
  help,
];
