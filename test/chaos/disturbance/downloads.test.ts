import { expect, test } from "vitest";
import { downloadPolicy } from "../../../chaos/disturbance/downloads.ts";

/** What is noted of the first downloads of several files. */
async function fates(seed: number): Promise<{ readonly notes: readonly string[]; readonly crashes: number }> {
  const notes: string[] = [];
  let crashes = 0;
  const crash = () => {
    crashes += 1;
  };
  const policy = downloadPolicy(seed, { crash, note: (what) => void notes.push(what) });
  await Promise.all(Array.from({ length: 60 }, (_, index) => policy(`/file-${index % 20}`)));
  return { notes, crashes };
}

test("some downloads are slow, some have the process killed, and a seed says which", async () => {
  const { notes, crashes } = await fates(1);
  expect(crashes).toBeGreaterThan(0);
  expect(notes.length).toBeGreaterThan(crashes);
  expect(notes.length).toBeLessThan(60);
  expect((await fates(1)).notes.toSorted()).toEqual(notes.toSorted());
  expect((await fates(2)).notes.toSorted()).not.toEqual(notes.toSorted());
});
