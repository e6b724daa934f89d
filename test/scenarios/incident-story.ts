import { CONFIGURATION, testIn, type World } from "./world.ts";

export const test = testIn({ files: { [CONFIGURATION]: "incidents: { mention: [petra, acme/owners] }\n" } });

/** The incident that was opened last. */
export const latest = (world: World) => world.incidents().at(-1);

/** What the bot said in the latest incident, without its marker. */
export function words(world: World): readonly string[] {
  return world.replies(latest(world)?.number).map((text) => text.slice(text.indexOf("\n") + 1));
}

/** The kinds of what stands in the timeline, in its order. */
export function timeline(world: World): readonly string[] {
  const list = latest(world)?.body.split("\n```\n\n").at(-1) ?? "";
  return [...list.matchAll(/^- \S+Z \*\*(.+?)\*\*/gm)].map(([, kind = ""]) => kind);
}

export const report = (world: World, severity = "critical") =>
  world.comment("olga", `/batch incident open ${severity} — a recipe points to a host that nobody knows`);

/** A comment on the latest incident. */
export const say = (world: World, login: string, body: string) => world.comment(login, body, latest(world)?.number);
