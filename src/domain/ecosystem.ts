declare const wellFormed: unique symbol;

/** A well-formed ecosystem name, `homebrew`, `crates.io`: safe as a JSON key, a label, a branch name and a word in a reply. */
export type Ecosystem = string & { readonly [wellFormed]: true };

/** What a hold covers: one ecosystem, or `*` for everything. */
export type Scope = Ecosystem | "*";

/** Other names for an ecosystem: `cargo` for `crates.io`. Keys and values are lower case. */
export type Aliases = ReadonlyMap<string, string>;

const ECOSYSTEM_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * The name under which the control file keeps the breaker of what all ecosystems share: GitHub, the runners, the network,
 * the workflow itself. No pipeline may report an ecosystem of that name.
 */
export const INFRASTRUCTURE = "infrastructure" as Ecosystem;

/** Words that stand where an ecosystem does and name none: the pipeline's matrix fallback, its totals, and ours. */
const NOT_ECOSYSTEMS: ReadonlySet<string> = new Set(["default", "all", INFRASTRUCTURE]);

/** The ecosystem that a text names in any case and under any alias, or null when the text is not a well-formed name. */
export function parseEcosystem(text: string, aliases: Aliases): Ecosystem | null {
  const name = text.toLowerCase();
  if (!ECOSYSTEM_NAME.test(name)) return null;
  const canonical = aliases.get(name) ?? name;
  return ECOSYSTEM_NAME.test(canonical) ? (canonical as Ecosystem) : null;
}

/** As `parseEcosystem`, for names that a pipeline reports: `default`, `all` and `infrastructure` are no ecosystems there. */
export function parseReportedEcosystem(text: string, aliases: Aliases): Ecosystem | null {
  const ecosystem = parseEcosystem(text, aliases);
  return ecosystem === null || NOT_ECOSYSTEMS.has(ecosystem) ? null : ecosystem;
}
