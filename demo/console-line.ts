/** What a line typed into the console asks for. */
export type ConsoleLine =
  | { readonly kind: "comment"; readonly login: string; readonly body: string }
  | { readonly kind: "run"; readonly ecosystem: string; readonly conclusion: "success" | "failure" }
  | { readonly kind: "file" | "issues" | "help" | "nothing" }
  | { readonly kind: "quit" };

/** Who a line is a comment of when it does not say. */
export const OPERATOR = "olga";

export const CONSOLE_HELP = `  /batch …                    comment as ${OPERATOR}, who may write
  as rita: /batch …           comment as rita, who may read; any other name is a stranger
  run homebrew failure        the next batch run, an hour later: failure or success
  file                        the control file, batch-control.json
  issues                      the issues and pull requests
  help, quit`;

/** Reads a line of the console. What is no command of the console is a comment. */
export function readConsoleLine(line: string): ConsoleLine {
  const text = line.trim();
  if (text === "") return { kind: "nothing" };
  if (text === "file" || text === "issues" || text === "help" || text === "quit") return { kind: text };
  const run = /^run ([a-z0-9][a-z0-9._-]{0,63}) (success|failure)$/.exec(text);
  if (run?.[1] !== undefined) {
    return { kind: "run", ecosystem: run[1], conclusion: run[2] === "success" ? "success" : "failure" };
  }
  const comment = /^as ([A-Za-z0-9](?:[A-Za-z0-9-]{0,38})):\s*(.+)$/.exec(text);
  if (comment?.[1] !== undefined && comment[2] !== undefined) {
    return { kind: "comment", login: comment[1], body: comment[2] };
  }
  return { kind: "comment", login: OPERATOR, body: text };
}
