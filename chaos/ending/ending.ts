import { membersIn } from "../../src/domain/incidents/group.ts";
import type { ObservedComment, ObservedIssue, ObservedPull } from "../../test/github/observation.ts";
import { OTHER_KEY } from "../disturbance/another-writer.ts";
import { BOT, PIPELINE } from "../story/happening.ts";
import type { Place } from "../story/place.ts";
import { type DashboardLeft, dashboardLeft, isDashboard } from "./dashboard.ts";
import { type DriftsLeft, driftsOf } from "./drift.ts";
import { Names } from "./names.ts";
import { normalControl, normalReply } from "./normal.ts";

/** What is left of a story in one repository, without what may differ between two plays of it. */
export interface Ending {
  readonly control: unknown;
  /** What the bot says and shows to each comment of the story. */
  readonly answers: Readonly<
    Record<string, { readonly reactions: readonly string[]; readonly replies: readonly string[] }>
  >;
  /** What the bot says below the commits of the story's people. */
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** Null where there is none. */
  readonly dashboard: DashboardLeft | null;
  readonly openIncidents: readonly unknown[];
  /** What of the pushes of the story's people broke a rule of the supply chain. */
  readonly pushes: Readonly<Record<string, readonly string[]>>;
  readonly drifts: DriftsLeft;
  /** Pull requests of commands, merged or not, and all others that are still open. */
  readonly pulls: readonly unknown[];
  /** What the gates of open batches say. */
  readonly gates: Readonly<Record<string, string | null>>;
  /** The recipes on the default branch, and on those that would take some of them back. */
  readonly recipes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly branches: readonly string[];
}

export function endingOf(place: Place): Ending {
  const { github, repository } = place;
  const names = new Names(place);
  const replies = github.comments(repository, place.issue).filter(({ author }) => author === BOT);
  return {
    control: normalControl(place.controlText(), names, [OTHER_KEY]),
    answers: Object.fromEntries([...place.comments].map(([id, name]) => [name, answersTo(id, replies, place, names)])),
    words: Object.fromEntries(
      [...place.commits].map(([sha, name]) => [
        name,
        github
          .commitComments(repository, sha)
          .map(({ body }) => names.in(body))
          // A write of ours that is on its way when the file is deleted puts it back, and there is nothing to tell any more.
          .filter((words) => !words.includes("This change deleted the control file.")),
      ]),
    ),
    dashboard: dashboardLeft(place, names),
    openIncidents: github
      .issues(repository)
      .filter((issue) => !isDashboard(issue))
      .filter(({ author, state, body }) => author === BOT && state === "open" && !OF_PUSHES.test(body ?? ""))
      .flatMap((incident) => incidentLeft(incident, place))
      .sort((one, other) => (one.about < other.about ? -1 : 1)),
    pushes: rulesBroken(place),
    drifts: driftsOf(place, names),
    pulls: github
      .pulls(repository)
      .filter((pull) => pull.author === BOT && (isOfCommand(pull) || pull.state === "open"))
      .map(({ title, body, state, merged, labels, head }) => ({
        head: names.in(head),
        title: names.in(title),
        body: names.in(body),
        state,
        merged,
        labels: merged && OF_RULE.test(head) ? [] : labels,
      }))
      .sort((one, other) => (one.head < other.head ? -1 : 1)),
    gates: Object.fromEntries(
      github
        .pulls(repository)
        .filter(({ author, state }) => author === PIPELINE && state === "open")
        .map(({ head, number }) => [head, place.gateOf(number)]),
    ),
    recipes: Object.fromEntries(
      ["main", ...Object.keys(github.branches(repository)).filter((branch) => branch.includes("rollback-batch-"))]
        .sort()
        .map((branch) => [branch, recipesOn(branch, place, names)]),
    ),
    branches: Object.keys(github.branches(repository))
      .filter((branch) => !HOUSEKEEPING.test(branch) && !OF_RULE.test(branch))
      .map((branch) => names.in(branch))
      .sort(),
  };
}

/** Mode and content by path. */
function recipesOn(branch: string, { github, repository }: Place, names: Names): Readonly<Record<string, string>> {
  const recipes = Object.entries(github.entriesAt(repository, branch)).filter(([path]) => path.startsWith("recipes/"));
  return Object.fromEntries(
    recipes.map(([path, entry]) => {
      const [mode] = entry.split(" ", 1);
      return [path, `${mode} ${names.in(github.fileAt(repository, path, branch) ?? "")}`];
    }),
  );
}

/**
 * What an open incident says. That of breakers is told by those of them that are not closed: one whose runs were heard of in
 * another order may never have been seen open, and then there is nothing that waits for another good run of it.
 */
function incidentLeft(
  { title, body, labels }: ObservedIssue,
  place: Place,
): readonly { readonly about: string; readonly labels: readonly string[] }[] {
  const members = membersIn(body ?? "");
  if (members === null) return [{ about: title, labels: labels.toSorted() }];
  const breakers = place.control()?.control.breakers;
  const open = members.filter(({ ecosystem }) => breakers?.get(ecosystem)?.state !== "closed");
  if (open.length === 0) return [];
  const about = `the breakers of ${open.map(({ ecosystem }) => ecosystem).join(", ")}`;
  return [{ about, labels: labels.filter((label) => label.startsWith("severity:")) }];
}

/**
 * Branches by which a protected branch is written to on nobody's behalf: how many there are is a matter of what came
 * together, and to delete them a courtesy to which nobody comes back after a crash.
 */
const HOUSEKEEPING = /^batchkeeper\/(count|settle)-/;

/**
 * The stop of a rule of the supply chain, by which nobody waits for an answer: its pull request is labelled while it is merged,
 * and when the process dies then, the hold stands, and nobody comes back for the label or to delete the branch.
 */
const OF_RULE = /^batchkeeper\/stop-security-/;

/** The incidents of pushes are told apart by push: the other program of the disturbance pushes too. */
const OF_PUSHES = /^<!-- batchkeeper:incident (?:provenance|tamper) -->/;
const PUSH_TOLD = /\/compare\/[0-9a-f]{40}\.\.\.([0-9a-f]{40})\) to the default branch:\n\n((?:- .*\n?)+)/g;

/** The rules that each push of the story's people broke, as the bot tells them. */
function rulesBroken({ github, repository, commits }: Place): Ending["pushes"] {
  const issues = github.issues(repository).filter(({ author, body }) => author === BOT && OF_PUSHES.test(body ?? ""));
  const told = issues.flatMap(({ number, body }) => [
    body ?? "",
    ...github.comments(repository, number).flatMap(({ author, body: words }) => (author === BOT ? [words] : [])),
  ]);
  const pushes = told.flatMap((text) => [...text.matchAll(PUSH_TOLD)]);
  return Object.fromEntries(
    pushes.flatMap(([, after = "", findings = ""]) => {
      const name = commits.get(after);
      const rules = [...findings.matchAll(/^- \*\*([a-z-]+)\*\*/gm)].map(([, rule = ""]) => rule);
      return name === undefined ? [] : [[name, comparable(rules)]];
    }),
  );
}

/**
 * A run of the story is listed, from its beginning an hour ago, only once it has ended: whether one was under way when breakers
 * were moved by hand, which makes it another rule, depends on when that was looked into.
 */
function comparable(rules: readonly string[]): readonly string[] {
  const told = new Set(rules.map((rule) => (rule === "breaker-moved" ? "control-file-changed" : rule)));
  if (told.has("hold-removed")) told.delete("control-file-changed");
  return [...told].sort();
}

function isOfCommand({ head }: ObservedPull): boolean {
  return !HOUSEKEEPING.test(head);
}

function answersTo(id: number, replies: readonly ObservedComment[], { github, repository }: Place, names: Names) {
  const isTo = ({ body }: ObservedComment) =>
    /^<!-- batchkeeper:reply (?:edit-)?(\d+) -->/.exec(body)?.[1] === String(id);
  return {
    reactions: github
      .reactions(repository, id)
      .filter(({ user }) => user === BOT)
      .map(({ content }) => content)
      .sort(),
    replies: replies.filter(isTo).map(({ body }) => normalReply(body, names)),
  };
}
