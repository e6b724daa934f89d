import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstDifference, printDifference } from "./ending/difference.ts";
import { type Played, play } from "./play.ts";
import { replicasIn } from "./replicas.ts";
import { printStory, type StorySize, storyOf, USUAL_SIZE } from "./story/story.ts";

/** What a seed showed. */
export interface Verdict {
  readonly seed: number;
  /** What is wrong, a readable line or more for each; empty when both plays ended alike. */
  readonly problems: readonly string[];
  /** Where logs and states are; null when nothing is wrong. */
  readonly folder: string | null;
  readonly seconds: number;
  readonly crashes: number;
  readonly troubles: number;
}

/** Plays the story of a seed undisturbed and disturbed, and compares how they ended. */
export async function trySeed(seed: number, size: StorySize = USUAL_SIZE): Promise<Verdict> {
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), `batchkeeper-chaos-${seed}-`));
  const story = storyOf(seed, size);
  await writeFile(join(folder, "story.txt"), `${printStory(story)}\n`);
  const base = Date.now();
  const playIn = async (name: string, isDisturbed: boolean) => {
    const place = join(folder, name);
    const played = await play({ seed, story, base, isDisturbed, folder: place, replicas: replicasIn(place) });
    await writeFile(join(place, "ending.json"), `${JSON.stringify(played.endings, null, 2)}\n`);
    return played;
  };
  const [undisturbed, disturbed] = await Promise.allSettled([playIn("undisturbed", false), playIn("disturbed", true)]);
  const problems = problemsOf(undisturbed, disturbed);
  if (problems.length === 0) await rm(folder, { recursive: true });
  const { crashes, troubles } = disturbed.status === "fulfilled" ? disturbed.value : { crashes: 0, troubles: 0 };
  const seconds = (performance.now() - startedAt) / 1000;
  return { seed, problems, folder: problems.length === 0 ? null : folder, seconds, crashes, troubles };
}

function problemsOf(
  undisturbed: PromiseSettledResult<Played>,
  disturbed: PromiseSettledResult<Played>,
): readonly string[] {
  const faults = [...faultsIn("undisturbed", undisturbed), ...faultsIn("disturbed", disturbed)];
  if (undisturbed.status === "rejected" || disturbed.status === "rejected") return faults;
  const difference = firstDifference(undisturbed.value.endings, disturbed.value.endings);
  return difference === null ? faults : [printDifference(difference), ...faults];
}

function faultsIn(name: string, played: PromiseSettledResult<Played>): readonly string[] {
  const faults = played.status === "fulfilled" ? played.value.faults : [String(played.reason)];
  return faults.map((fault) => `${name}: ${fault}`);
}
