import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { anEcosystem, anOperator, anybody, kind } from "../happening.ts";

const scope = fc.oneof(
  { weight: 3, arbitrary: anEcosystem },
  { weight: 1, arbitrary: fc.tuple(anEcosystem, anEcosystem).map(([one, other]) => `${one}, ${other}`) },
  { weight: 1, arbitrary: fc.constant("") },
  // Another name of an ecosystem, one that nobody knows, and a near miss, which stops nothing.
  { weight: 1, arbitrary: fc.constantFrom("cargo", "nix", "homebew") },
);

const reason = fc.constantFrom(
  "",
  " — mirror returns 503",
  " — see https://status.example/7",
  ": `@everyone` look | at <!-- this -->",
);

const stop = fc
  .tuple(scope, fc.constantFrom("", " --until 40d"), reason)
  .map(([what, until, why]) => `/batch stop ${what}${until}${why}`);
// An ecosystem at a time, so that what waits for a second operator is one hold.
const securityStop = anEcosystem.map((name) => `/batch stop ${name} --security suspected compromise`);
const resume = fc.tuple(scope, reason).map(([what, why]) => `/batch resume ${what}${why}`);
const question = fc.constantFrom(
  "/batch status",
  "/batch status npm",
  "/batch help",
  "/batch help stop",
  "/batch stpo npm",
);
const line = fc.oneof(
  { weight: 4, arbitrary: stop },
  { weight: 1, arbitrary: securityStop },
  { weight: 4, arbitrary: resume },
  { weight: 2, arbitrary: question },
);

/** A comment with a command, by anybody. */
export const command = kind({
  name: "command",
  weight: 8,
  details: fc.record({ by: anybody, line }),
  async perform({ by, line }, place) {
    await place.answered(await place.comment(by, line));
  },
});

/** Of two holds of one comment on one scope nothing but their ids, which are hashes, tells which speaks for both. */
function stopsEachOnce(lines: readonly string[]): boolean {
  const stopped = lines.flatMap((text) => {
    const scopes = /^\/batch stop (?<scopes>[a-z, ]*)/.exec(text)?.groups?.scopes;
    return scopes === undefined ? [] : new Set(scopes.split(",").map((name) => name.trim()));
  });
  return stopped.reduce((sum, { size }) => sum + size, 0) === new Set(stopped.flatMap((names) => [...names])).size;
}

/** A comment with words around several commands. */
export const conversation = kind({
  name: "conversation",
  weight: 3,
  details: fc.record({ by: anOperator, lines: fc.array(line, { minLength: 2, maxLength: 3 }).filter(stopsEachOnce) }),
  async perform({ by, lines }, place) {
    const body = ["I looked at it.", "", "> /batch stop everything", "", ...lines, "", "Thanks!"].join("\n");
    await place.answered(await place.comment(by, body));
  },
});

// So that nobody takes the edit for the first version: GitHub's times have seconds.
const THINKING = 1100;

/** A command that an edit brings into a comment: it runs nothing, and says so. */
export const edit = kind({
  name: "edit",
  weight: 2,
  details: fc.record({ by: anOperator, line: stop }),
  async perform({ by, line }, place) {
    const comment = await place.comment(by, "Should we stop?");
    await delay(THINKING);
    await place.github.editCommentAs(by, place.repository, comment, `Should we stop?\n\n${line}`);
    await place.answered(comment, `edit-${comment}`);
  },
});
