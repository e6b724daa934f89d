import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { EnvironmentError, readInboxEnvironment } from "./config/environment.ts";
import { printInstant } from "./domain/instant.ts";
import { oneLine } from "./domain/quote.ts";
import { type DeadLetterBox, openDeadLetterBox } from "./inbox/dead-letter-box.ts";
import { type DeadLetter, laneOf } from "./inbox/inbox.ts";

const USAGE = `usage: npm run inbox -- list [--lane owner/name]
       npm run inbox -- redrive <id…> | --all

Events that were given up: lists them, or puts them back to be handled again. Works on the inbox that DATA_DIR or
DATABASE_URL names, while Batchkeeper runs or not.
`;

/** Asked for in a way that cannot be meant. */
class BadUsage extends Error {
  static readonly exitCode = 2;
}

type Task =
  | { readonly kind: "help" }
  | { readonly kind: "list"; readonly lane: string | null }
  | { readonly kind: "redrive"; readonly ids: readonly string[] | "all" };

/** What the words of the command line ask for. */
function readTask(words: readonly string[]): Task {
  const { values, positionals } = parse(words);
  const [verb, ...rest] = positionals;
  const { lane, all, help } = values;
  if (help) return { kind: "help" };
  if (verb === "list" && rest.length === 0 && !all)
    return { kind: "list", lane: lane === undefined ? null : laneOf(lane) };
  if (verb === "redrive" && lane === undefined && all !== rest.length > 0) {
    return { kind: "redrive", ids: all ? "all" : rest };
  }
  throw new BadUsage(USAGE);
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { lane: { type: "string" }, all: { type: "boolean", default: false }, help: { type: "boolean" } },
    });
  } catch (error) {
    throw new BadUsage(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

async function list(box: DeadLetterBox, lane: string | null): Promise<string> {
  const letters = await box.list(lane);
  const where = lane === null ? "" : ` of ${oneLine(lane)}`;
  return letters.length === 0 ? `no dead letters${where}\n` : `${letters.map(describe).join("\n")}\n`;
}

/** Reasons and names are text from outside, and a terminal obeys what it is shown. */
function describe({ id, event, lane, at, attempts, reason }: DeadLetter): string {
  const tries = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  const place = lane === "" ? "no repository" : oneLine(lane);
  return `${oneLine(id)}\n  ${oneLine(event)} of ${place}, given up ${printInstant(at)} after ${tries}\n  ${oneLine(reason)}`;
}

/** Puts back all that are named, or none when there is one that is unknown. */
async function redrive(box: DeadLetterBox, ids: readonly string[] | "all"): Promise<string> {
  if (ids !== "all") {
    const known = new Set((await box.list(null)).map(({ id }) => id));
    const unknown = ids.filter((id) => !known.has(id)).map((id) => oneLine(id));
    if (unknown.length > 0) {
      throw new Error(
        `no dead letter has the id ${unknown.join(", ")}: nothing was put back; list shows those there are`,
      );
    }
  }
  const count = await box.redrive(ids);
  return count === 1 ? "put back 1 dead letter\n" : `put back ${count} dead letters\n`;
}

async function main(): Promise<string> {
  const task = readTask(process.argv.slice(2));
  if (task.kind === "help") return USAGE;
  if (existsSync(".env")) process.loadEnvFile(".env");
  const print = (_details: object, message: string) => void process.stderr.write(`${message}\n`);
  const log = { info: () => {}, warn: print, error: print };
  const box = await openDeadLetterBox(readInboxEnvironment(process.env), Date.now, log);
  try {
    return task.kind === "list" ? await list(box, task.lane) : await redrive(box, task.ids);
  } finally {
    await box.close();
  }
}

try {
  process.stdout.write(await main());
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof BadUsage ? message : `inbox: ${message}\n`);
  if (error instanceof EnvironmentError) process.exitCode = EnvironmentError.exitCode;
  else process.exitCode = error instanceof BadUsage ? BadUsage.exitCode : 1;
}
