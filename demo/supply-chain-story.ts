import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Evidence, Step } from "./step.ts";
import type { World } from "./world.ts";

/** A file that a recipe downloads is not what was published any more; two people accept that, and lift what it stopped. */
export const SUPPLY_CHAIN_STORY: readonly Step<World>[] = [
  { name: "a file changes at its publisher: olga verifies its recipe, and the pipeline is stopped", run: fileDrifts },
  {
    name: "she asks to accept it, of an app that was started anew: acme approves, and it is measured again before it is merged",
    run: isAccepted,
  },
  { name: "the hold stays until acme asks to lift it and olga agrees; she resolves the incident", run: holdIsLifted },
];

const RECIPE = "recipes/n/ncurses.toml";
const FILE = "/ncurses-6.5.tar.gz";

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");
const [OLD, NEW] = [sha256("ncurses 6.5"), sha256("ncurses 6.5, made anew")];

async function fileDrifts(world: World): Promise<Evidence> {
  const { base, files } = await world.publish({ [FILE]: "ncurses 6.5" });
  const recipe = `[metadata]\nname = "ncurses"\n\n[[steps]]\naction = "download"\nurl = "${base}${FILE}"\nsha256 = "${OLD}"\n`;
  await world.change("olga", { [RECIPE]: recipe }, "feat(recipes): add ncurses");
  files[FILE] = "ncurses 6.5, made anew";
  await world.comment("olga", world.talk, "/batch verify ncurses");
  assert.match(lastReply(world), /\*\*is not what was published\*\*/);
  const { number, labels, body } = incident(world);
  assert.ok(labels.includes("severity:critical"));
  assert.equal(securityHold(world)?.scope, "*");
  const [advisory] = world.advisories();
  assert.equal(advisory?.state, "draft");
  assert.ok(body.includes(advisory.ghsaId));
  assert.match(body, /# Security notice: `ncurses` of acme\/recipes/);
  const saw = `critical incident #${number} with a checklist, a drafted advisory and a notice for users; everything is held`;
  return { saw, where: world.urlOf(`issues/${number}`) };
}

async function isAccepted(world: World): Promise<Evidence> {
  // Nothing of this is in its memory; what it may write in a minute, which the story has used up, is counted anew as well.
  await world.restartBatchkeeper();
  const before = world.fileAt(RECIPE) ?? "";
  await world.comment("olga", world.talk, "/batch drift accept ncurses — its publisher says so");
  const [, id = ""] = /`\/batch approve ([0-9a-f]{8})`/.exec(lastReply(world)) ?? [];
  await world.comment("olga", world.talk, `/batch approve ${id}`);
  assert.match(lastReply(world), /takes another operator/);
  assert.equal(world.fileAt(RECIPE), before);
  await world.comment("acme", world.talk, `/batch approve ${id}`);
  assert.equal(world.fileAt(RECIPE), before.replace(OLD, NEW));
  assert.match(world.message(), new RegExp(`Batchkeeper-Drift: sha256:${OLD} sha256:${NEW} `));
  const pull = world.pulls().at(-1);
  assert.equal(pull?.merged, true);
  return { saw: `#${pull.number} changed that checksum and nothing else`, where: world.urlOf(`pulls/${pull.number}`) };
}

async function holdIsLifted(world: World): Promise<Evidence> {
  const { number } = incident(world);
  const { id } = securityHold(world) ?? {};
  assert.match(world.replies(number).at(-1) ?? "", new RegExp(`/batch resume --hold ${id}`));
  await world.comment("acme", world.talk, `/batch resume --hold ${id} — the new file is good`);
  assert.equal(securityHold(world)?.id, id);
  await world.comment("olga", world.talk, "/batch approve");
  assert.equal(securityHold(world), undefined);
  await world.comment("olga", number, "/batch incident resolve — made anew by its publisher");
  assert.equal(world.issues().find((issue) => issue.number === number)?.state, "closed");
  return { saw: `${id} is lifted; #${number} is closed by a person`, where: world.urlOf(`issues/${number}`) };
}

function incident(world: World) {
  const found = world.incidents().find(({ title }) => title.startsWith("Checksum drift at "));
  assert.ok(found);
  return found;
}

function securityHold(world: World) {
  return world.control().batchkeeper?.holds.find(({ kind }) => kind === "security");
}

function lastReply(world: World): string {
  return world.replies(world.talk).at(-1) ?? "";
}
