import assert from "node:assert/strict";
import type { Evidence, Step } from "./step.ts";
import type { World } from "./world.ts";

/** A batch was bad, somebody has mended one of its recipes since, and an operator takes back the rest. */
export const ROLLBACK_STORY: readonly Step<World>[] = [
  {
    name: "a batch of three recipes lands; its squash drops the batch id, and rita's mend of one lands too",
    run: batchLands,
  },
  { name: "olga rolls the batch back: two recipes go, rita's work is kept and named", run: olgaRollsBack },
  { name: "the pull request is merged: she is told, and what the pipeline still believes", run: rollbackIsMerged },
  { name: "she takes that back as well, and the recipes are as they were", run: olgaUndoes },
];

const ID = new Date().toISOString().slice(0, 10);
const FISH = "recipes/f/fish.toml";
const TREE = "recipes/t/tree.toml";
const WGET = "recipes/w/wget.toml";

const recipe = (name: string) =>
  `[metadata]\nname = "${name}"\n\n[[steps]]\naction = "homebrew"\nformula = "${name}"\n`;
const BATCH = { [FISH]: recipe("fish"), [TREE]: recipe("tree"), [WGET]: recipe("wget") };
const MENDED = `${recipe("wget")}\n[verify]\ncommand = "wget --version"\n`;
const QUEUE = {
  schema_version: 1,
  entries: ["fish", "tree"].map((name) => ({ name, source: `homebrew:${name}`, status: "success" })),
};

async function batchLands(world: World): Promise<Evidence> {
  const number = await world.batchLands(ID, { ...BATCH, "data/queues/priority-queue.json": JSON.stringify(QUEUE) });
  assert.doesNotMatch(world.message(), /batch_id/);
  await world.change("rita", { [WGET]: MENDED }, "fix(wget): verify what was installed");
  return { saw: `pull request #${number} squashed without its id`, where: world.urlOf(`pulls/${number}`) };
}

async function olgaRollsBack(world: World): Promise<Evidence> {
  await world.comment("olga", world.talk, `/batch rollback ${ID} — broken downloads`);
  const pull = world.pulls().at(-1);
  assert.equal(pull?.title, `Rollback batch ${ID}`);
  assert.equal(pull.state, "open");
  assert.match(pull.body, /\*\*3 recipes\*\*: 2 deleted, 1 kept\./);
  assert.match(pull.body, /`rita` \(`fix\(wget\): verify what was installed \(#\d+\)`\)/);
  assert.equal(world.fileAt(TREE, pull.head), null);
  assert.equal(world.fileAt(WGET, pull.head), MENDED);
  return { saw: `#${pull.number} deletes 2 and keeps 1, by rita`, where: world.urlOf(`pulls/${pull.number}/files`) };
}

async function rollbackIsMerged(world: World): Promise<Evidence> {
  const number = world.pulls().at(-1)?.number ?? 0;
  await world.merge("olga", number);
  assert.deepEqual(
    [FISH, TREE].map((path) => world.fileAt(path)),
    [null, null],
  );
  const reply = world.replies(world.talk).at(-1) ?? "";
  assert.match(reply, new RegExp(`Rolled back: batch \`${ID}\``));
  assert.match(reply, /will not make them again: `homebrew:fish`, `homebrew:tree`/);
  return {
    saw: "told in the thread, with 2 queue entries that stay success",
    where: world.urlOf(`issues/${world.talk}/comments`),
  };
}

async function olgaUndoes(world: World): Promise<Evidence> {
  await world.comment("olga", world.talk, `/batch rollback ${ID} --undo — it was the mirror`);
  const number = world.pulls().at(-1)?.number ?? 0;
  await world.merge("olga", number);
  assert.deepEqual(
    [FISH, TREE, WGET].map((path) => world.fileAt(path)),
    [BATCH[FISH], BATCH[TREE], MENDED],
  );
  return { saw: `#${number} merged: every recipe is back, byte for byte`, where: world.urlOf(`pulls/${number}`) };
}
