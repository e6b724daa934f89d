import { readDriftMessage } from "../../src/github/drift-message.ts";
import { readMarker } from "../../src/github/marker.ts";
import type { LocalGitHub } from "../../test/github/local-github.ts";
import { othersCount } from "../disturbance/another-writer.ts";
import { BOT } from "../story/happening.ts";
import { CONTROL_FILE, type Place } from "../story/place.ts";
import { incidentsShown } from "./dashboard.ts";

/** What may never be, whatever was played and however: a word for each thing that is there twice, lost or out of place. */
export function faultsOf(place: Place): readonly string[] {
  return [
    ...doubledComments(place),
    ...doubledIncidents(place),
    ...doubledDashboards(place),
    ...staleDashboards(place),
    ...doubledRuns(place),
    ...strayCommits(place),
    ...lostWrites(place),
  ];
}

/** Everything that the bot says for one cause bears the same first line. */
function doubledComments({ github, repository, commits }: Place): readonly string[] {
  const threads = [
    ...github.issues(repository).map(({ number }) => github.comments(repository, number)),
    ...github.pulls(repository).map(({ number }) => github.comments(repository, number)),
    ...[...commits.keys()].map((sha) => github.commitComments(repository, sha)),
  ];
  return threads.flatMap((thread) => {
    const markers = thread.filter(({ author }) => author === BOT).map(({ body }) => body.split("\n", 1)[0] ?? "");
    return repeated(markers).map((marker) => `${repository}: said twice: ${marker}`);
  });
}

/** What an incident is about stands in the first line of its body; two holds on one ecosystem have the same title. */
function doubledIncidents({ github, repository }: Place): readonly string[] {
  const open = github.issues(repository).filter(({ author, state }) => author === BOT && state === "open");
  const causes = open.map(({ title, body }) => `${title} ${body.split("\n", 1)[0]}`);
  return repeated(causes).map((cause) => `${repository}: two open incidents: ${cause}`);
}

function doubledDashboards({ repository, dashboard }: Place): readonly string[] {
  const numbers = dashboard.all().map(({ number }) => `#${number}`);
  return numbers.length > 1 ? [`${repository}: two dashboards: ${numbers.join(", ")}`] : [];
}

/** At rest the dashboard shows the incidents that are open, and no others. */
function staleDashboards({ github, repository, dashboard }: Place): readonly string[] {
  const open = github
    .issues(repository)
    .filter(({ author, state, body }) => author === BOT && state === "open" && readMarker(body, "incident") !== null)
    .map(({ number }) => number)
    .sort((one, other) => one - other);
  const drawn = dashboard.all().filter(({ state }) => state === "open");
  return drawn
    .map(({ body }) => incidentsShown(body))
    .filter((shown) => shown.join() !== open.join())
    .map(
      (shown) =>
        `${repository}: the incidents [${open.join(", ")}] are open, and the dashboard shows [${shown.join(", ")}]`,
    );
}

function doubledRuns({ github, repository }: Place): readonly string[] {
  const runs = ownCommits(github, repository).flatMap(({ message }) => message.match(/^Batchkeeper-Run: .*$/gm) ?? []);
  return repeated(runs).map((run) => `${repository}: counted by two commits: ${run}`);
}

/** Our commits change the control file and something in it, or the one recipe whose drift they accept. */
function strayCommits({ github, repository }: Place): readonly string[] {
  return ownCommits(github, repository)
    .filter(
      ({ files, message }) => files.length !== 1 || files[0] !== (readDriftMessage(message)?.path ?? CONTROL_FILE),
    )
    .map(({ sha, files }) => `${repository}: the commit ${sha} changes [${files.join(", ")}]`);
}

function ownCommits(github: LocalGitHub, repository: string) {
  return github.commits(repository).filter(({ message }) => /^Batchkeeper-Event: /m.test(message));
}

function lostWrites(place: Place): readonly string[] {
  const there = othersCount(JSON.parse(place.controlText() ?? "{}"));
  return there === place.otherWrites
    ? []
    : [`${place.repository}: another writer counted to ${place.otherWrites}, and the file says ${there}`];
}

function repeated(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text, index) => texts.indexOf(text) !== index))];
}
