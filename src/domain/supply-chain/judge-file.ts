import { quote } from "../quote.ts";
import type { FileChange, FileVersion } from "./judge-recipe.ts";
import type { Finding } from "./rule.ts";

const MOST_LINES = 5;

/** What is to be said of a workflow, or of the settings, that somebody changed without a merged pull request. */
export function judgeFile(change: FileChange, rule: "workflow-changed" | "configuration-changed"): readonly Finding[] {
  const { path, before, after } = change;
  const unread = [before, after].find((version) => version.kind === "unread");
  if (unread !== undefined) return [{ rule, subject: path, detail: `what changed cannot be shown: ${unread.why}` }];
  const [was, is] = [linesOf(before), linesOf(after)];
  if (after.kind === "missing") return [{ rule, subject: path, detail: "the file was deleted" }];
  const gone = was.filter((line) => !is.includes(line));
  const arrived = is.filter((line) => !was.includes(line));
  if (gone.length + arrived.length === 0 && before.kind === after.kind) return [];
  const isNew = before.kind === "missing" ? "the file is new; " : "";
  return [{ rule, subject: path, detail: `${isNew}before: ${shown(gone)}; after: ${shown(arrived)}` }];
}

function linesOf(version: FileVersion): readonly string[] {
  return version.kind === "text" ? version.text.split("\n").filter((line) => line.trim() !== "") : [];
}

function shown(lines: readonly string[]): string {
  if (lines.length === 0) return "nothing";
  const more = lines.length > MOST_LINES ? ` and ${lines.length - MOST_LINES} lines more` : "";
  return `${lines
    .slice(0, MOST_LINES)
    .map((line) => quote(line, 120))
    .join(", ")}${more}`;
}
