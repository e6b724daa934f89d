import { expect, test } from "vitest";
import { SharedCommit } from "../../src/inbox/pg-boss/shared-commit.ts";

test("what comes while a commit is under way shares the next", async () => {
  const commits: (readonly number[])[] = [];
  const first = Promise.withResolvers<void>();
  const shared = new SharedCommit<number>(async (items) => {
    commits.push(items);
    if (commits.length === 1) await first.promise;
  });
  const added = [shared.add([1])];
  await Promise.resolve();
  await Promise.resolve();
  added.push(shared.add([2, 3]), shared.add([4]));
  first.resolve();
  await Promise.all(added);
  expect(commits).toEqual([[1], [2, 3, 4]]);
});

test("a commit that fails is told to those who share it, and to no one else", async () => {
  const shared = new SharedCommit<string>(async (items) => {
    if (items.includes("bad")) throw new Error("no!");
  });
  const bad = [shared.add(["bad"]), shared.add(["with it"])];
  const results = await Promise.allSettled(bad);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await shared.add(["good"]);
  await shared.idle();
});
