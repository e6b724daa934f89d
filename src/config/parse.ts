import { isAlias, isMap, isNode, isScalar, LineCounter, type Node, type ParsedNode, parseDocument, visit } from "yaml";
import type { z } from "zod";
import { type Configuration, configurationSchema } from "./schema.ts";

/** Where and why a configuration cannot be used; line and column count from 1. */
export interface ConfigurationProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type ConfigurationReading =
  | { readonly kind: "valid"; readonly configuration: Configuration }
  | { readonly kind: "invalid"; readonly problems: readonly ConfigurationProblem[] };

type YamlDocument = ReturnType<typeof parseDocument<ParsedNode>>;

// Ten problems are plenty to mend at a time; a hostile file has thousands.
const MOST_PROBLEMS = 10;
const MOST_CHARACTERS = 100_000;

/**
 * Reads `.github/batchkeeper.yml`. Total: any text gives a configuration or problems with their places.
 * Only plain YAML is accepted: anchors, aliases, merge keys, tags and duplicate keys are refused, because settings
 * that a reader must expand in the head, or that expand without bound, do not belong in a safety tool.
 */
export function parseConfiguration(text: string): ConfigurationReading {
  if (text.length > MOST_CHARACTERS) {
    return invalid([{ message: `the file is longer than ${MOST_CHARACTERS} characters`, line: 1, column: 1 }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: false,
    uniqueKeys: true,
    prettyErrors: false,
    version: "1.2",
  });
  const syntax = document.errors.map((error) => problemAt(lines, error.pos[0], firstLine(error.message)));
  if (syntax.length > 0) return invalid(syntax);
  const indirect = indirections(document, lines);
  if (indirect.length > 0) return invalid(indirect);
  const parsed = configurationSchema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  if (parsed.success) return { kind: "valid", configuration: parsed.data };
  return invalid(parsed.error.issues.flatMap((issue) => issueProblems(issue, document, lines)));
}

function invalid(problems: readonly ConfigurationProblem[]): ConfigurationReading {
  return { kind: "invalid", problems: problems.slice(0, MOST_PROBLEMS) };
}

function indirections(document: YamlDocument, lines: LineCounter): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  visit(document, {
    Node: (_key, node) => {
      const what = indirection(node);
      if (what !== null)
        problems.push(problemAt(lines, node.range?.[0] ?? 0, `${what} are not read here; write the value itself`));
    },
  });
  return problems;
}

function indirection(node: Node): string | null {
  if (isAlias(node)) return "aliases (*name)";
  if ("anchor" in node && node.anchor) return "anchors (&name)";
  if (node.tag !== undefined) return "tags (!name)";
  return isScalar(node) && node.value === "<<" ? "merge keys (<<)" : null;
}

function issueProblems(issue: z.core.$ZodIssue, document: YamlDocument, lines: LineCounter): ConfigurationProblem[] {
  if (issue.code !== "unrecognized_keys") {
    return [problemAt(lines, offsetOf(document, issue.path), `${pathText(issue.path)}${issue.message}`)];
  }
  return issue.keys.map((key) =>
    problemAt(lines, offsetOfKey(document, issue.path, key), `unknown key ${pathText([...issue.path, key], "")}`),
  );
}

/** Where the value at a path stands, or its nearest parent when the value itself is not written down. */
function offsetOf(document: YamlDocument, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

/** Where a key of the mapping at a path stands. */
function offsetOfKey(document: YamlDocument, path: readonly PropertyKey[], key: string): number {
  const mapping = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(mapping) ? mapping.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  return isNode(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(document, path);
}

function pathText(path: readonly PropertyKey[], end = ": "): string {
  return path.length === 0 ? "" : `${path.map(String).join(".")}${end}`;
}

function problemAt(lines: LineCounter, offset: number, message: string): ConfigurationProblem {
  const { line, col } = lines.linePos(offset);
  return { message, line: Math.max(1, line), column: Math.max(1, col) };
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}
