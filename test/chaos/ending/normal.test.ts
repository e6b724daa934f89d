import { expect, test } from "vitest";
import { normalControl, normalReply } from "../../../chaos/ending/normal.ts";

const asIs = { in: (text: string) => text };
const command = "<!-- batchkeeper:reply 7 -->\n`/batch stop npm`";

test("a hold that has no time differs from one that has", () => {
  expect(normalControl('{"disabled_at":""}', asIs, [])).not.toEqual(
    normalControl('{"disabled_at":"2026-01-01T00:00:00Z"}', asIs, []),
  );
});

test("which jobs were counted may differ, how many may not", () => {
  const normal = (...jobs: string[]) => normalControl(JSON.stringify({ budget: { jobs } }), asIs, []);
  expect(normal("24 1 1")).toEqual(normal("21 1 pd"));
  expect(normal("24 1 1")).not.toEqual(normal("24 1", "26 1"));
});

test("the order of keys makes no difference, that of lists does", () => {
  expect(normalControl('{"a":1,"b":[1,2]}', asIs, [])).toEqual(normalControl('{"b":[1,2],"a":1}', asIs, []));
  expect(normalControl('{"b":[1,2]}', asIs, [])).not.toEqual(normalControl('{"b":[2,1]}', asIs, []));
});

test("a file that is no JSON is compared as it is", () => {
  expect(normalControl("{ oops", asIs, [])).toBe("{ oops");
});

test("done and done before are the same end, refused is another", () => {
  const done = normalReply(`${command}\n\n**Stopped: npm.** The hold is on the default branch.`, asIs);
  const before = normalReply(`${command}\n\n**Done before**: stop npm was merged with #7`, asIs);
  const refused = normalReply(`${command}\n\n**refused**: \`rita\` has the role read here`, asIs);
  expect(done).toBe(before);
  expect(refused).not.toBe(done);
  expect(refused).toContain("has the role read here");
});

test("that there was nothing to lift is compared, and not what was held at that moment", () => {
  const reply = (rest: string) =>
    normalReply(`${command}\n\nNothing was changed: there is nothing to lift for crates.io.${rest}`, asIs);
  expect(reply(" Nothing is held.")).toBe(reply("\n\nHolds that stand:\n- `h-…` on npm"));
  expect(reply("")).toContain("crates.io.");
});

test("of several commands each has its own end", () => {
  const reply = `${command}\n\n**Stopped: npm.**\n\n---\n\n\`/batch status\`\n\nAs of 2026-01-01T00:00:00Z.\n\nHolds: none.`;
  expect(normalReply(reply, asIs)).toBe(`${command}: done\n\n---\n\n\`/batch status\`: a status`);
});
