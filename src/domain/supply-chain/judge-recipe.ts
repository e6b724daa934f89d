import { quote } from "../quote.ts";
import { type Address, type RecipeSource, readRecipeSource } from "./recipe-source.ts";
import type { Finding } from "./rule.ts";

/** A file at one commit, as far as it could be read. */
export type FileVersion =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  /** Binary, too large, or at a commit that is gone. */
  | { readonly kind: "unread"; readonly why: string };

/** What a push did to one file. */
export interface FileChange {
  readonly path: string;
  readonly before: FileVersion;
  readonly after: FileVersion;
}

/**
 * What is to be said of a changed recipe, whoever changed it. A recipe that is taken away says nothing here, and one that
 * stays as it was in these matters neither: of the real pipeline's 58 commits that modified recipes, 28 changed an origin.
 * @param knownHosts the hosts of all recipes before the change; null when they were not needed (`unknownHosts`).
 */
export function judgeRecipe(change: FileChange, knownHosts: ReadonlySet<string> | null): readonly Finding[] {
  const { path, after } = change;
  if (after.kind === "missing") return [];
  const now = sourceOf(after);
  if (now.kind !== "read") return [{ rule: "unchecked", subject: path, detail: now.why }];
  const before = sourceOf(change.before);
  const was = before.kind === "read" ? before : NOTHING;
  const isNew = change.before.kind === "missing";
  const found = (rule: Finding["rule"]) => (text: string) => ({ rule, subject: path, detail: quote(text, 200) });
  const gone = was.origins.filter((origin) => !now.origins.includes(origin));
  const arrived = now.origins.filter((origin) => !was.origins.includes(origin));
  return [
    ...(before.kind === "read" || isNew ? [] : [{ rule: "unchecked" as const, subject: path, detail: before.why }]),
    ...(isNew || before.kind !== "read" || arrived.length === 0 ? [] : [originChanged(path, gone, arrived)]),
    ...hostsOf(newAddresses(was, now))
      .filter((host) => knownHosts !== null && !knownHosts.has(host))
      .map(found("new-host")),
    ...newAddresses(was, now)
      .filter(({ isHttps }) => !isHttps)
      .map(({ text }) => found("insecure-scheme")(text)),
    ...now.commands.filter((command) => !was.commands.includes(command)).map(found("new-command")),
  ];
}

/** The hosts that a change adds to its recipe: only for these it matters what other recipes name. */
export function addedHosts({ before, after }: FileChange): readonly string[] {
  const [was, now] = [sourceOf(before), sourceOf(after)];
  if (now.kind !== "read") return [];
  const known = new Set(was.kind === "read" ? hostsOf(was.addresses) : []);
  return hostsOf(now.addresses).filter((host) => !known.has(host));
}

/** The hosts that a recipe names; none where it cannot be read. */
export function hostsIn(text: string): readonly string[] {
  const source = readRecipeSource(text);
  return source.kind === "read" ? hostsOf(source.addresses) : [];
}

type Readable = Extract<RecipeSource, { kind: "read" }>;

const NOTHING: Readable = { kind: "read", origins: [], addresses: [], commands: [] };

function sourceOf(version: FileVersion): Readable | { readonly kind: "unread"; readonly why: string } {
  switch (version.kind) {
    case "missing":
      return NOTHING;
    case "unread":
      return version;
    case "text": {
      const source = readRecipeSource(version.text);
      return source.kind === "read" ? source : { kind: "unread", why: "it is no TOML that can be read" };
    }
  }
}

function originChanged(path: string, gone: readonly string[], arrived: readonly string[]): Finding {
  const list = (origins: readonly string[]) => origins.map((origin) => quote(origin, 100)).join(", ");
  const from = gone.length === 0 ? "nothing" : list(gone);
  return { rule: "origin-changed", subject: path, detail: `from ${from} to ${list(arrived)}` };
}

function newAddresses(was: Readable, now: Readable): readonly Address[] {
  return now.addresses.filter(({ text }) => !was.addresses.some((address) => address.text === text));
}

function hostsOf(addresses: readonly Address[]): readonly string[] {
  return [...new Set(addresses.flatMap(({ host }) => host ?? []))];
}
