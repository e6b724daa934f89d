import { z } from "zod";
import { type Ecosystem, parseEcosystem } from "../ecosystem.ts";
import { printHiddenJson, readHiddenJson } from "../hidden-json.ts";
import { HOUR, type Instant, printInstant } from "../instant.ts";
import type { Classification } from "./classification.ts";
import type { Severity } from "./incident.ts";

/** An ecosystem whose breaker opened, as a part of an incident. */
export interface Member {
  readonly ecosystem: Ecosystem;
  /** When its breaker opened, by the end of the run that opened it; null when nobody knows. */
  readonly openedAt: Instant | null;
  /** Since when it has proved to be well; null while it has not. */
  readonly recoveredAt: Instant | null;
}

/** An open incident of breakers. */
interface Group {
  readonly number: number;
  readonly members: readonly Member[];
}

/**
 * Breakers that open so soon one after the other are one incident (runbook section 1: all ecosystems affected, look at the
 * infrastructure first). Until a breaker that opened may be tried again, an hour later, nothing is known of its cause that
 * would tell it from that of the next.
 */
const TOGETHER_WITHIN = HOUR;

/** Where an opening belongs. */
export interface Placement {
  /** The incident that tells it; null for a new one. */
  readonly host: number | null;
  /** Incidents that turn out to be the same, and become part of the host. */
  readonly absorbed: readonly number[];
}

/**
 * Decides where the opening of a breaker is told: in its own incident if one is open, together with whatever else opened
 * within an hour of it; the oldest issue takes in the others. It is told from when breakers opened and not from when that was
 * heard of, so that neither the order of events nor what came together makes a difference, and what a crash left half done is
 * found again.
 */
export function placeOpening(open: readonly Group[], ecosystem: Ecosystem, openedAt: Instant | null): Placement {
  const [host, ...absorbed] = open
    .filter(({ members }) => members.some((member) => member.ecosystem === ecosystem || isTogether(member, openedAt)))
    .map(({ number }) => number)
    .sort((one, other) => one - other);
  return { host: host ?? null, absorbed };
}

function isTogether({ openedAt: one }: Member, other: Instant | null): boolean {
  return one !== null && other !== null && Math.abs(one - other) <= TOGETHER_WITHIN;
}

/** Members of incidents that become one, each ecosystem once, by name; the latest opening of each counts. */
export function mergeMembers(...groups: readonly (readonly Member[])[]): readonly Member[] {
  const merged = new Map<Ecosystem, Member>();
  for (const member of groups.flat()) {
    const known = merged.get(member.ecosystem);
    if (known === undefined || (known.openedAt ?? 0) < (member.openedAt ?? 0)) merged.set(member.ecosystem, member);
  }
  return sorted([...merged.values()]);
}

/** A breaker opened, perhaps again. */
export function withOpening(
  members: readonly Member[],
  ecosystem: Ecosystem,
  openedAt: Instant | null,
): readonly Member[] {
  const others = members.filter((member) => member.ecosystem !== ecosystem);
  return sorted([...others, { ecosystem, openedAt, recoveredAt: null }]);
}

/** An ecosystem has proved to be well. */
export function withRecovery(members: readonly Member[], ecosystem: Ecosystem, at: Instant): readonly Member[] {
  return members.map((member) =>
    member.ecosystem === ecosystem && member.recoveredAt === null ? { ...member, recoveredAt: at } : member,
  );
}

/** Those that have not recovered yet. */
export function ailing(members: readonly Member[]): readonly Ecosystem[] {
  return members.flatMap(({ ecosystem, recoveredAt }) => (recoveredAt === null ? [ecosystem] : []));
}

function sorted(members: readonly Member[]): readonly Member[] {
  return members.toSorted((one, other) => (one.ecosystem < other.ecosystem ? -1 : 1));
}

const MOST_IN_TITLE = 4;

/** The title of an incident of breakers. */
export function groupTitle(members: readonly Member[]): string {
  const names = members.map(({ ecosystem }) => ecosystem);
  if (names.length <= 1) return `${names[0] ?? "a breaker"}: the circuit breaker is open`;
  const shown = names.length <= MOST_IN_TITLE ? names : names.slice(0, MOST_IN_TITLE - 1);
  const rest = names.length - shown.length;
  return `${namesText(rest === 0 ? shown : [...shown, `${rest} more`])}: the circuit breakers are open`;
}

/** `homebrew, npm, and pypi`. */
export function namesText(names: readonly string[]): string {
  return new Intl.ListFormat("en").format(names);
}

// Between these lines all is written anew; what people write around it stays.
const BEGIN = "<!-- batchkeeper-members ";
const END = "<!-- /batchkeeper-members -->";
const SECTION = /^<!-- batchkeeper-members (\[.*\]) -->\n[\s\S]*?^<!-- \/batchkeeper-members -->$/m;

const record = z.array(z.object({ ecosystem: z.string(), opened: z.int().nullable(), recovered: z.int().nullable() }));

/** The members that a body names; null where it does not, or somebody has made that unreadable. */
export function membersIn(body: string): readonly Member[] | null {
  const parsed = record.safeParse(readHiddenJson(SECTION.exec(body)?.[1] ?? ""));
  if (!parsed.success) return null;
  return parsed.data.flatMap(({ ecosystem: name, opened, recovered }) => {
    const ecosystem = parseEcosystem(name, new Map());
    return ecosystem === null ? [] : [{ ecosystem, openedAt: opened, recoveredAt: recovered }];
  });
}

/** How grave it is and why; of several ecosystems, how each of them is. */
export function membersSection(
  members: readonly Member[],
  severity: Severity,
  { what, runbook }: Pick<Classification, "what" | "runbook">,
): string {
  const data = members.map(({ ecosystem, openedAt, recoveredAt }) => ({
    ecosystem,
    opened: openedAt,
    recovered: recoveredAt,
  }));
  const list = members.length < 2 ? [] : ["", ...members.map(memberLine)];
  return [
    `${BEGIN}${printHiddenJson(data satisfies z.input<typeof record>)} -->`,
    `It is **${severity}**, because ${what} (runbook ${runbook}).`,
    ...list,
    END,
  ].join("\n");
}

/** A body with its section written anew; at its end when somebody has removed it. */
export function replaceMembers(body: string, section: string): string {
  return SECTION.test(body) ? body.replace(SECTION, () => section) : `${body}\n\n${section}`;
}

function memberLine({ ecosystem, openedAt, recoveredAt }: Member): string {
  const opened = openedAt === null ? "opened" : `opened at ${printInstant(openedAt)}`;
  return `- **${ecosystem}**: ${opened}${recoveredAt === null ? "" : `, recovered at ${printInstant(recoveredAt)}`}`;
}
