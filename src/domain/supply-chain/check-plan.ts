import type { TomlTable, TomlValue } from "smol-toml";
import { isTable } from "../batches/recipe.ts";
import { parseRecipe } from "./recipe-source.ts";

/** What a file is published with: the hash itself, or the file that lists it. */
type Published = { readonly kind: "hash"; readonly hash: Hash } | { readonly kind: "list"; readonly url: string };

/** A hash in lower case hexadecimal digits. */
export interface Hash {
  readonly name: "sha256" | "sha512";
  readonly digits: string;
}

/** One file that a recipe names, with what it is to be compared with. */
export interface Check {
  readonly action: string;
  readonly url: string;
  readonly published: Published;
}

/** What of a recipe can be verified, and for the rest why it cannot. */
export interface CheckPlan {
  readonly checks: readonly Check[];
  readonly without: readonly string[];
  /** Whether something can be verified only for a version that somebody names. */
  readonly asksVersion: boolean;
}

/** What placeholders of a recipe are filled with; recipes name no version themselves. */
export interface Fill {
  readonly version: string | null;
}

/** Files that one recipe may have downloaded. */
const MOST_CHECKS = 4;

/**
 * What a recipe can be verified by: each step that names an address, or an asset of a GitHub release, with a checksum of its
 * own or a file that lists checksums. Null when it is no TOML. Of the real pipeline's recipes 18 give a checksum at all;
 * those of package managers leave it to them.
 */
export function planChecks(text: string, fill: Fill): CheckPlan | null {
  const table = parseRecipe(text);
  if (table === null) return null;
  const planned = planSteps(table, fill);
  const checks = planned.flatMap((plan) => (plan.kind === "check" ? [plan.check] : []));
  return {
    checks: [...new Map(checks.map((check) => [check.url, check])).values()].slice(0, MOST_CHECKS),
    without: [...new Set(planned.flatMap((plan) => (plan.kind === "none" ? [plan.why] : [])))],
    asksVersion: planned.some((plan) => plan.kind === "none" && plan.asksVersion === true),
  };
}

/** A checksum that a recipe gives itself: `steps[index][key]`. */
export interface OwnChecksum {
  readonly index: number;
  readonly key: (typeof OWN_KEYS)[number];
}

const OWN_KEYS = ["checksum", "sha256", "sha512"] as const;

/** Where a recipe gives a checksum itself for what is at an address: several steps may download the same. */
export function ownChecksums(recipe: TomlTable, fill: Fill, url: string, hash: Hash): readonly OwnChecksum[] {
  return planSteps(recipe, fill).flatMap((plan, index) => {
    const published = plan.kind === "check" && plan.check.url === url ? plan.check.published : null;
    const key = OWN_KEYS.find((name) => textOf(stepAt(recipe, index)[name]) !== null);
    return key !== undefined && published?.kind === "hash" && isSameHash(published.hash, hash) ? [{ index, key }] : [];
  });
}

function isSameHash(one: Hash, other: Hash): boolean {
  return one.name === other.name && one.digits === other.digits;
}

/** In the order of the steps, each with what can be verified of it. */
function planSteps(recipe: TomlTable, fill: Fill): readonly Planned[] {
  const steps = Array.isArray(recipe.steps) ? recipe.steps : [];
  return steps.map((step) => (isTable(step) ? planStep(step, recipe, fill) : { kind: "nothing" }));
}

function stepAt({ steps }: TomlTable, index: number): TomlTable {
  const step = Array.isArray(steps) ? steps[index] : undefined;
  return step !== undefined && isTable(step) ? step : {};
}

type Planned =
  | { readonly kind: "check"; readonly check: Check }
  | { readonly kind: "none"; readonly why: string; readonly asksVersion?: true }
  /** Downloads nothing by itself. */
  | { readonly kind: "nothing" };

function planStep(step: TomlTable, recipe: TomlTable, fill: Fill): Planned {
  const action = textOf(step.action) ?? "step";
  const url = textOf(step.url) ?? assetUrl(step, textOf(step.asset_pattern), recipe);
  if (url === null) return { kind: "nothing" };
  const published = publishedBy(step, recipe);
  if (published === null) return { kind: "none", why: `${action}: it gives no checksum` };
  const names = published.kind === "list" ? [url, published.url] : [url, published.hash.digits];
  const [filled = "", other = ""] = names.map((text) => fillIn(text, step, fill));
  const left = /\{[^}]*\}/.exec(filled + other)?.[0];
  if (left === "{version}") return { kind: "none", why: `${action}: it holds for one version`, asksVersion: true };
  if (left !== undefined) return { kind: "none", why: `${action}: nobody here knows ${left}` };
  if (published.kind === "list")
    return { kind: "check", check: { action, url: filled, published: { kind: "list", url: other } } };
  const hash = readHash(other);
  if (hash === null) return { kind: "none", why: `${action}: its checksum is none of SHA-256 or SHA-512` };
  return { kind: "check", check: { action, url: filled, published: { kind: "hash", hash } } };
}

function publishedBy(step: TomlTable, recipe: TomlTable): Published | null {
  const literal = OWN_KEYS.map((key) => textOf(step[key])).find((text) => text !== null) ?? null;
  // Not read yet: it may have placeholders.
  if (literal !== null) return { kind: "hash", hash: { name: "sha256", digits: literal } };
  const list = textOf(step.checksum_url) ?? assetUrl(step, textOf(step.checksum_asset), recipe);
  return list === null ? null : { kind: "list", url: list };
}

/** Where an asset of a GitHub release is; null for a step that names none. */
function assetUrl({ repo }: TomlTable, asset: string | null, { version }: TomlTable): string | null {
  const repository = textOf(repo);
  if (repository === null || asset === null) return null;
  const prefix = isTable(version) ? (textOf(version.tag_prefix) ?? "") : "";
  return `https://github.com/${repository}/releases/download/${prefix}{version}/${asset}`;
}

/** One system stands for all: the first that the step is for, on amd64. */
function fillIn(text: string, step: TomlTable, { version }: Fill): string {
  const when = isTable(step.when) ? step.when.os : undefined;
  const [os = "linux"] = Array.isArray(when) ? when.filter((item) => typeof item === "string") : [];
  const mapped = (mapping: TomlValue | undefined, name: string) =>
    (isTable(mapping) ? textOf(mapping[name]) : null) ?? name;
  return text
    .replaceAll("{os}", mapped(step.os_mapping, os))
    .replaceAll("{arch}", mapped(step.arch_mapping, "amd64"))
    .replaceAll("{version}", version ?? "{version}");
}

const DIGITS = { 64: "sha256", 128: "sha512" } as const;

/** Reads `sha256:<digits>` or the digits alone; null when it is no hash that is known here. */
export function readHash(text: string): Hash | null {
  const digits = /^(?:sha(?:256|512)[:-])?([0-9a-f]+)$/i.exec(text.trim())?.[1]?.toLowerCase() ?? "";
  const name = digits.length === 64 || digits.length === 128 ? DIGITS[digits.length] : null;
  return name === null ? null : { name, digits };
}

/**
 * The hash of a file in a list of checksums: `<digits>  <name>` as coreutils print it, `SHA256 (<name>) = <digits>` as BSD
 * does, or the digits alone where the list is of one file. Null when it is not in it.
 */
export function listedHash(list: string, fileUrl: string): Hash | null {
  const name = fileName(fileUrl);
  const lines = list.split(/\r?\n/).filter((line) => line.trim() !== "");
  for (const line of lines) {
    const bsd = /^SHA\d+ ?\((.+)\) = ([0-9a-f]+)$/i.exec(line.trim());
    const core = /^([0-9a-f]+)[ \t]+[*]?(?:\.\/)?(.+)$/i.exec(line.trim());
    const [listed, digits] = bsd ? [bsd[1], bsd[2]] : [core?.[2], core?.[1]];
    if (listed === name || listed?.endsWith(`/${name}`)) return readHash(digits ?? "");
  }
  const [only, ...others] = lines;
  return only !== undefined && others.length === 0 ? readHash(only) : null;
}

function fileName(url: string): string {
  const path = URL.parse(url)?.pathname ?? url;
  const last = path.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function textOf(value: TomlValue | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
