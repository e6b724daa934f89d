import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type LocalGitHub, startLocalGitHub } from "../test/github/local-github.ts";
import { chance } from "./chance.ts";
import { deaf } from "./disturbance/deliveries.ts";
import { Disturbance } from "./disturbance/disturbance.ts";
import { type Ending, endingOf } from "./ending/ending.ts";
import { overlaps } from "./ending/exclusivity.ts";
import { faultsOf } from "./ending/fault.ts";
import { Fleet } from "./fleet.ts";
import { startPublisher } from "./publisher.ts";
import { quiet } from "./quiet.ts";
import type { Replica } from "./replicas.ts";
import { Place } from "./story/place.ts";
import type { RepositoryStory, Story } from "./story/story.ts";

/** One play of a story. */
export interface Playing {
  readonly seed: number;
  readonly story: Story;
  /** When it is said to be played, epoch milliseconds: the same for the plays that are compared. */
  readonly base: number;
  readonly isDisturbed: boolean;
  /** Where its log goes, what happened to it, and how it ended. */
  readonly folder: string;
  readonly replicas: readonly Replica[];
}

/** What is left of a play. */
export interface Played {
  /** By repository. */
  readonly endings: Readonly<Record<string, Ending>>;
  /** What may never be. */
  readonly faults: readonly string[];
  readonly crashes: number;
  readonly troubles: number;
}

const LONGEST_PAUSE = 250;

/**
 * Plays a story against a GitHub of its own, with real processes, and tells how it ended once all is quiet.
 * @throws when something that has to come does not come in time.
 */
export async function play({ seed, story, base, isDisturbed, folder, replicas }: Playing): Promise<Played> {
  await mkdir(folder, { recursive: true });
  const log = createWriteStream(join(folder, "batchkeeper.log"));
  const notes = createWriteStream(join(folder, "happenings.log"));
  const startedAt = performance.now();
  const note = (what: string) =>
    void notes.write(`${((performance.now() - startedAt) / 1000).toFixed(2)} s  ${what}\n`);
  const github = await startLocalGitHub();
  await using publisher = await startPublisher();
  await using fleet = new Fleet(github, replicas, (line) => log.write(`${line}\n`));
  try {
    const places = await Promise.all(
      story.map((told, index) => Place.found(github, index, { ...told, base, publisher })),
    );
    let troubles = 0;
    const noteTrouble = (what: string) => {
      troubles += 1;
      note(what);
    };
    await using disturbance = new Disturbance({ seed, github, publisher, fleet, places, note: noteTrouble });
    github.onDelivery(deaf(() => "send"));
    await fleet.start();
    if (isDisturbed) disturbance.begin();
    await Promise.all(places.map((place, index) => live(place, story[index], { seed, note })));
    note("the story has been told");
    if (isDisturbed) await disturbance.end();
    note("nothing goes wrong any more");
    await quiet(github, fleet, places);
    note("all is quiet");
    const endings = Object.fromEntries(places.map((place) => [place.repository, endingOf(place)]));
    const dead = await fleet.metric("batchkeeper_inbox_dead_letters");
    const lost = dead > 0 ? [`${dead} events were given up`] : [];
    const downloading = places.filter(({ downloads }) => downloads.length > 0).map(({ repository }) => repository);
    const faults = [...places.flatMap(faultsOf), ...overlaps(github.log, new Set(downloading)), ...lost];
    return { endings, faults, crashes: fleet.kills, troubles };
  } finally {
    await writeFile(join(folder, "github.json"), `${JSON.stringify(stateOf(github), null, 2)}\n`);
    await fleet[Symbol.asyncDispose]();
    await github.close();
    log.end();
    notes.end();
  }
}

/** What happens in a repository, one thing after the other, with a short breath between them. */
async function live(
  place: Place,
  told: RepositoryStory | undefined,
  { seed, note }: { readonly seed: number; readonly note: (what: string) => void },
): Promise<void> {
  for (const [index, happening] of told?.happenings.entries() ?? []) {
    place.step = index + 1;
    note(`${place.repository} step ${place.step}: ${happening.kind} ${JSON.stringify(happening.details)}`);
    await happening.perform(place);
    await delay(LONGEST_PAUSE * chance(seed, "pause", place.repository, index));
  }
}

/** All calls and deliveries, for whoever looks for the cause of a difference. */
function stateOf(github: LocalGitHub): unknown {
  return { deliveries: github.deliveries.map(({ body: _, ...delivery }) => delivery), calls: github.log };
}
